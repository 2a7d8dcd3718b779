"""The loop: resuming, refusing, stopping."""

import contextlib
import functools
import io
import json
import os
import pathlib
import shutil
import signal
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from configs import tiny
from stylegan_tf import checkpoint, images, run_directory
from stylegan_tf.training import actions, lock, loop
from tests.helpers import support


@functools.cache
def _data(count=20):
    """A folder of 8x8 images: small networks trace fast."""
    folder = pathlib.Path(tempfile.mkdtemp())
    pixels = np.random.RandomState(0).randint(0, 256, (count, 8, 8, 3))
    for index, image in enumerate(pixels.astype(np.uint8)):
        images.write_png(folder / f"{index}.png", image)
    return str(folder)


def _config(**training):
    config = tiny.get_config()
    config.resolution = 8
    config.data.path = _data()
    for name, value in training.items():
        setattr(config.training, name, value)
    return config


class LoopTest(tf.test.TestCase, parameterized.TestCase):
    def _workdir(self):
        return pathlib.Path(self.create_tempdir().full_path) / "run"

    @pytest.mark.slow
    def test_resuming_gives_bit_equal_weights(self):
        halves, whole = self._workdir(), self._workdir() / "whole"
        loop.train(_config(total_kimg=0.032, deterministic=True), halves)
        twice = loop.train(
            _config(total_kimg=0.064, deterministic=True), halves
        )
        once = loop.train(_config(total_kimg=0.064, deterministic=True), whole)
        for a, b in zip(
            support.numbers(twice), support.numbers(once), strict=True
        ):
            np.testing.assert_array_equal(a, b)
        rows = [
            json.loads(line)["images_seen"]
            for line in (halves / run_directory.METRICS).open()
        ]
        self.assertEqual(rows, [16, 32, 48, 64])

    @pytest.mark.slow
    def test_a_run_leaves_what_it_promises(self):
        workdir = self._workdir()
        state = loop.train(_config(keep_snapshots=1), workdir)
        self.assertEqual(state.images_seen, 64)
        names = {path.name for path in workdir.iterdir()}
        expected = {"config.json", "metrics.jsonl", "samples", "snapshots"}
        self.assertEqual(names, expected | {"tensorboard", "data.json"})
        self.assertLen(checkpoint.snapshots(workdir), 1)
        snapshot = stylegan_tf.load(workdir)
        self.assertEqual(snapshot.images_seen, 64)
        z = np.random.RandomState(0).randn(2, 16).astype(np.float32)
        self.assertAllClose(
            snapshot.ema_generator(z), state.ema_generator(z), atol=1e-5
        )
        self.assertAllClose(
            snapshot.discriminator(snapshot.generator(z)),
            state.discriminator(state.generator(z)),
            atol=1e-4,
        )
        self._another_architecture_is_refused(workdir)
        self._other_data_are_told(workdir)
        self._networks_can_be_the_start_of_a_new_run(workdir)

    def _another_architecture_is_refused(self, workdir):
        config = _config()
        config.generator.mapping_layers = 3
        with self.assertRaisesRegex(ValueError, "generator.mapping_layers"):
            loop.train(config, workdir)

    def _other_data_are_told(self, workdir):
        for _ in range(2):
            with contextlib.redirect_stderr(io.StringIO()) as errors:
                loop.train(_config(), workdir)
            self.assertNotIn("other data", errors.getvalue())
            config = _config()
            config.data.path = _data(count=19)
            with contextlib.redirect_stderr(io.StringIO()) as errors:
                loop.train(config, workdir)
            self.assertIn(
                f"{workdir} was trained on other data so far: 20 images",
                errors.getvalue(),
            )
            (workdir / run_directory.DATA).unlink()  # as of older versions

    def _networks_can_be_the_start_of_a_new_run(self, workdir):
        config = _config(total_kimg=0.008, generator_lr=0.0)
        new = workdir.parent / "new"
        state = loop.train(config, new, init_from=workdir)
        old = stylegan_tf.load(workdir).generator
        self.assertAllEqual(
            state.generator.trainable_weights[0], old.trainable_weights[0]
        )
        self.assertEqual(state.images_seen, 8)

    @pytest.mark.slow
    def test_actions_run_whatever_their_period_and_at_the_end(self):
        calls = []

        class Note:
            def __init__(self, period_kimg):
                self.period_kimg = period_kimg

            def __call__(self, state, scalars):
                calls.append((self.period_kimg, state.images_seen))

        notes = [Note(0.02), Note(0.05), Note(0)]
        loop.train(_config(total_kimg=0.064), self._workdir(), actions=notes)
        self.assertEqual(
            calls,
            [
                (0.02, 32),  # rounds end at 16, 32, 48, 64
                (0.02, 48),
                (0.02, 64),
                (0.05, 64),
                (0, 64),
            ],
        )

    @parameterized.parameters(
        [[signal.SIGINT]],
        # The shell and the system may both tell of a closed terminal.
        [[signal.SIGHUP, signal.SIGHUP]],
    )
    @pytest.mark.slow
    def test_a_stop_amid_an_action_loses_nothing(self, signals):
        workdir = self._workdir()

        class Stop:
            period_kimg = 0.016

            def __call__(self, state, scalars):
                if state.images_seen == 16:
                    for each in signals:
                        os.kill(os.getpid(), each)

        config = _config(snapshot_kimg=10)
        state = loop.train(config, workdir, actions=[Stop()])
        self.assertEqual(state.images_seen, 16)
        self.assertEqual(checkpoint.find(workdir).name, "0000000016")

    @pytest.mark.slow
    def test_two_gpus_of_one_process_train_and_resume(self):
        workdir = self._workdir()
        strategy = support.two_replicas()
        for kimg, rate in ((0.016, 0.002), (0.032, 0.001)):
            state = loop.train(
                _config(total_kimg=kimg, generator_lr=rate),
                workdir,
                strategy=strategy,
            )
        self.assertEqual(state.images_seen, 32)
        rows = [json.loads(line) for line in (workdir / "metrics.jsonl").open()]
        # A new rate takes effect, with the lazy regulariser's 2 / 3.
        rates = [row["learning_rate/generator"] for row in rows]
        self.assertAllClose(rates, [0.002 * 2 / 3, 0.001 * 2 / 3])

    @pytest.mark.slow
    def test_weights_that_are_not_finite_stop_the_run(self):
        workdir = self._workdir()
        config = _config(total_kimg=0.032, snapshot_kimg=0.016)

        class Spoil:
            period_kimg = 0.016

            def __call__(self, state, scalars):
                if state.images_seen == 16:
                    bias = state.discriminator.trainable_weights[-1]
                    bias.assign(bias * np.nan)

        bar = self.enterContext(contextlib.redirect_stderr(io.StringIO()))
        with self.assertRaises(actions.NonFiniteError) as context:
            loop.train(config, workdir, actions=[Spoil()])
        self.assertEndsWith(bar.getvalue(), "\n")  # for the error's line
        self.assertIn("loss/discriminator", str(context.exception))
        self.assertIn("images_seen=32", str(context.exception))
        paths = checkpoint.snapshots(workdir)
        self.assertEqual([int(path.name) for path in paths], [16])
        stylegan_tf.load(paths[0])

    @pytest.mark.slow
    def test_an_image_that_can_not_be_read_amid_a_run_is_named(self):
        workdir = self._workdir()
        config = _config()
        config.data.path = str(workdir.parent / "images")
        shutil.copytree(_data(), config.data.path)
        bad = pathlib.Path(config.data.path) / "9.png"  # not in the grid
        bad.write_bytes(b"no image")
        with self.assertRaises(ValueError) as context:
            loop.train(config, workdir)
        self.assertIn(str(bad), str(context.exception))
        self.assertNotIn("node", str(context.exception))

    @pytest.mark.slow
    def test_a_damaged_snapshot_is_set_aside_and_its_work_done_again(self):
        workdir = self._workdir()
        config = _config(snapshot_kimg=0.016, deterministic=True)
        expected = support.numbers(loop.train(config, workdir))
        before = [
            _measured_apart(row)
            for row in run_directory.read(workdir / run_directory.METRICS)
        ]
        newest = checkpoint.snapshots(workdir)[-1]
        os.truncate(newest / "weights.data-00000-of-00001", 1000)
        (workdir / "snapshots" / ".0000000080.tmp").mkdir()
        (workdir / "snapshots" / ".0000000016.old").mkdir()
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            state = loop.train(config, workdir)
        self.assertRegex(
            errors.getvalue(),
            f"The snapshot {newest} is damaged: weights.data.* has 1000 of .*"
            r" It is kept as 0000000064.damaged, and the run goes on from "
            r".*/0000000048\.",
        )
        self.assertAllEqual(
            [np.sum(each) for each in support.numbers(state)],
            [np.sum(each) for each in expected],
        )
        after = [
            _measured_apart(row)
            for row in run_directory.read(workdir / run_directory.METRICS)
        ]
        self.assertEqual(before, after)
        names = sorted(path.name for path in newest.parent.iterdir())
        self.assertEqual(names[-2:], ["0000000064", "0000000064.damaged"])
        self.assertNoCommonElements(
            names, [".0000000080.tmp", ".0000000016.old"]
        )
        stylegan_tf.load(workdir)
        self._a_run_without_a_whole_snapshot_is_refused(workdir)

    def _a_run_without_a_whole_snapshot_is_refused(self, workdir):
        for path in checkpoint.snapshots(workdir):
            (path / "snapshot.json").unlink()
        with self.assertRaisesRegex(
            ValueError, "No snapshot of the run is whole.*--workdir, or remove"
        ):
            loop.train(_config(), workdir)

    def test_another_training_there_is_refused(self):
        workdir = self._workdir()
        with lock.held(workdir):
            with self.assertRaisesRegex(ValueError, "is being trained by"):
                loop.train(_config(), workdir)


def _measured_apart(row):
    """A row without what differs from run to run."""
    return {
        name: value
        for name, value in row.items()
        if not name.startswith(("time", "timing/", "memory/"))
    }


class RefusalTest(tf.test.TestCase):
    """What is refused leaves nothing behind."""

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.workdir = self.folder / "runs" / "new"

    def assert_refused(self, message, config):
        with self.assertRaisesRegex(ValueError, message):
            loop.train(config, self.workdir)
        self.assertFalse(self.workdir.exists())

    def test_images_of_another_size(self):
        config = _config()
        config.resolution = 16
        self.assert_refused("is 8x8x3; expected 16x16x3", config)

    def test_images_of_other_channels(self):
        config = _config()
        config.image_channels = 1
        self.assert_refused("is 8x8x3; expected 8x8x1", config)

    @pytest.mark.slow
    def test_an_image_that_can_not_be_read(self):
        config = _config()
        config.data.path = str(self.folder / "images")
        shutil.copytree(_data(count=8), config.data.path)  # all in the grid
        (self.folder / "images" / "5.png").write_bytes(b"no image")
        self.assert_refused("5.png", config)

    def test_a_batch_that_does_not_fit_before_the_data_are_opened(self):
        config = _config(batch_size=6)
        config.data.path = "nowhere"
        self.assert_refused("batch_size=4 or batch_size=8", config)


if __name__ == "__main__":
    tf.test.main()
