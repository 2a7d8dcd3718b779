"""A served model: versions that take over, limits of time, the end."""

import asyncio
import os
import pathlib
import shutil
import time
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import generators, model_card
from stylegan_tf.serving import errors, servable
from stylegan_tf.serving import model as model_lib
from tests.helpers import exports

_KIND = "labels"


def _model(path, **settings):
    return model_lib.Model(
        path, **{"max_batch": 4, "poll_seconds": 0.05, **settings}
    )


def _inputs(count=1):
    z, labels = exports.inputs(exports.snapshot(_KIND), count)
    return {"z": z, "label": labels}


async def _until(is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


class _Slow:
    """Makes every answer of a servable last."""

    def __init__(self, servable, seconds):
        self.run, self.seconds = servable.run, seconds

    def __call__(self, *inputs):
        time.sleep(self.seconds)
        return self.run(*inputs)


@pytest.mark.slow
class ModelTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = _model(exports.folder(_KIND))
        cls.model.start()
        cls.addClassCleanup(cls.model.close)

    def slow(self, seconds):
        batcher = self.model._versions.get().batcher
        self.addCleanup(setattr, batcher, "_run", batcher._run)
        batcher._run = _Slow(self.model.servable(), seconds)

    def predict(self, *requests, **others):
        async def run():
            return await asyncio.gather(
                *(self.model.predict(*each, **others) for each in requests),
                return_exceptions=True,
            )

        return asyncio.run(run())

    def test_many_at_once_get_the_images_of_their_seeds(self):
        generator = generators.of_snapshot(exports.snapshot(_KIND))
        expected = generator.samples(range(24))
        inputs = _inputs(24)
        requests = [
            ("generate", {k: v[[i]].tolist() for k, v in inputs.items()})
            for i in range(24)
        ]
        for (version, made), image in zip(
            self.predict(*requests), expected, strict=True
        ):
            self.assertEqual(version, 1)
            off = np.abs(np.int32(made["images"][0]) - image)
            self.assertLessEqual(off.max(), 1)

    def test_its_name_and_versions(self):
        self.assertEqual(self.model.name, _KIND)
        self.assertEqual(self.model.statuses(), {1: "AVAILABLE"})
        self.assertEqual(self.model.servable(1).version, 1)
        with self.assertRaisesRegex(errors.Missing, "2 is not .* 1 is"):
            self.model.servable(2)
        (answer,) = self.predict(("generate", _inputs()), version=3)
        self.assertIsInstance(answer, errors.Missing)

    def test_a_mistake_does_not_wait(self):
        (answer,) = self.predict(("generate", {"z": [[1]]}))
        self.assertIsInstance(answer, errors.Invalid)

    def test_what_is_not_computed_in_time_is_late(self):
        self.slow(0.3)
        (answer,) = self.predict(("generate", _inputs()), timeout=0.05)
        self.assertIsInstance(answer, errors.Late)
        self.assertIn("0.05 seconds", str(answer))
        (answer,) = self.predict(("generate", _inputs()), timeout=60)
        self.assertEqual(answer[0], 1)

    def test_numbers_that_json_has_not_are_refused(self):
        batcher = self.model._versions.get().batcher
        self.addCleanup(setattr, batcher, "_run", batcher._run)
        batcher._run = lambda *_: {"ws": np.array([[np.nan]], np.float32)}
        (answer,) = self.predict(("map", _inputs()))
        self.assertIsInstance(answer, errors.Invalid)
        self.assertIn("`ws` is infinite or NaN", str(answer))

    def test_draining_answers_what_was_accepted(self):
        model = _model(exports.folder(_KIND))
        model.start()

        async def run():
            requests = [
                asyncio.create_task(model.predict("generate", _inputs(4)))
                for _ in range(8)
            ]
            await asyncio.sleep(0)  # they are accepted
            await model.drain()
            self.assertTrue(all(each.done() for each in requests))
            answers = await asyncio.gather(*requests)
            self.assertEqual([version for version, _ in answers], [1] * 8)
            with self.assertRaises(errors.Stopping):
                await model.predict("generate", _inputs())

        asyncio.run(run())
        self.assertEqual(model.statuses(), {1: "END"})
        self.assertTrue(model.is_stopping)

    def test_no_model_is_one_line(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        with self.assertRaisesRegex(ValueError, "holds no model.*tools.export"):
            _model(folder).start()
        with self.assertRaisesRegex(ValueError, "holds no model"):
            _model(folder / "none").start()
        (folder / "1").mkdir()
        (folder / "1" / "saved_model.pb").write_bytes(b"")
        with self.assertRaisesRegex(ValueError, "not one of tools.export"):
            _model(folder).start()


@pytest.mark.slow
class VersionsTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path) / "faces"
        self.folder.mkdir()
        self.publish(1)

    def publish(self, number, is_whole=True):
        temporary = self.folder / "unfinished"
        shutil.copytree(model_card.newest(exports.folder(_KIND)), temporary)
        if not is_whole:
            (data,) = temporary.glob("variables/*.data*")
            os.truncate(data, 100)
        temporary.rename(self.folder / str(number))

    async def asks(self, model, seen, is_over):
        while not is_over.is_set():
            version, _ = await model.predict("generate", _inputs())
            seen.append(version)

    def test_a_new_version_takes_over_without_a_dropped_request(self):
        model = _model(self.folder)
        model.start()
        seen = [[] for _ in range(4)]  # by each client

        async def run():
            is_over = asyncio.Event()
            clients = [
                asyncio.create_task(self.asks(model, each, is_over))
                for each in seen
            ]
            self.publish(3)
            await _until(lambda: model.statuses().get(3) == "AVAILABLE")
            await _until(lambda: model.statuses()[1] == "END")
            await asyncio.sleep(0.1)
            is_over.set()
            await asyncio.gather(*clients)  # raises what one of them met
            with self.assertRaises(errors.Missing):
                await model.predict("generate", _inputs(), version=1)
            shutil.rmtree(self.folder)  # it serves on
            await asyncio.sleep(0.2)
            version, _ = await model.predict("generate", _inputs(), version=3)
            self.assertEqual(version, 3)
            await model.drain()

        asyncio.run(run())
        for each in seen:
            self.assertEqual(each, sorted(each))
            self.assertEqual(set(each), {1, 3})
        self.assertEqual(model.statuses(), {1: "END", 3: "END"})

    def test_a_broken_version_is_reported_once_and_the_old_one_serves_on(self):
        model = _model(self.folder, poll_seconds=1e6)
        model.start()
        self.addCleanup(model.close)
        self.publish(2, is_whole=False)
        with self.assertLogs("stylegan_tf.serving", "ERROR") as logs:
            for _ in range(4):
                model._versions.look()
        (line,) = logs.output
        self.assertIn("Version 1 serves on", line)
        self.assertIn(str(self.folder / "2"), line)
        self.assertEqual(model.statuses(), {1: "AVAILABLE", 2: "END"})
        self.assertEqual(model.servable().version, 1)
        self.assertEqual([*model.failures()], [2])
        shutil.rmtree(self.folder / "2")
        model._versions.look()
        self.publish(2)  # the same number, mended
        model._versions.look()
        model._versions.look()
        self.assertEqual(model.servable().version, 2)
        self.assertEqual(model.failures(), {})

    def test_a_version_that_is_copied_slowly_is_taken_when_it_is_whole(self):
        model = _model(self.folder, poll_seconds=1e6)
        model.start()
        self.addCleanup(model.close)
        self.publish(2, is_whole=False)
        model._versions.look()
        model._versions.look()
        self.assertEqual(model.servable().version, 1)
        for file in ("variables/variables.data-00000-of-00001",):
            shutil.copy(self.folder / "1" / file, self.folder / "2" / file)
        model._versions.look()
        self.assertEqual(model.servable().version, 1)  # it may change yet
        model._versions.look()
        self.assertEqual(model.servable().version, 2)

    def test_a_start_with_a_broken_version_takes_the_one_before(self):
        self.publish(2, is_whole=False)
        model = _model(self.folder, poll_seconds=1e6)
        with self.assertLogs("stylegan_tf.serving", "ERROR") as logs:
            model.start()
        self.addCleanup(model.close)
        self.assertIn(str(self.folder / "2"), logs.output[0])
        self.assertEqual(model.servable().version, 1)
        self.assertEqual(model.statuses(), {1: "AVAILABLE", 2: "END"})

    def test_every_size_is_warm_before_the_first_request(self):
        ran = []
        run = servable.Servable.run

        def counting(self, signature, arrays):
            ran.append((signature, max(map(len, arrays.values()))))
            return run(self, signature, arrays)

        with mock.patch.object(servable.Servable, "run", counting):
            model = _model(self.folder)
            model.start()
            model.close()
        for signature in ("generate", "generate_png"):
            for size in (1, 2, 4):
                self.assertIn((signature, size), ran)
        for signature in ("map", "synthesize", "gradients", "mix"):
            self.assertIn((signature, 1), ran)


if __name__ == "__main__":
    tf.test.main()
