"""Growing runs: stages, fades, their batches and rates, resuming amid one."""

import functools
import json
import pathlib
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import stylegan_tf
from configs import stylegan
from stylegan_tf import checkpoint, images, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.data import sources
from stylegan_tf.training import (
    growing,
    inputs,
    loop,
    state,
)
from stylegan_tf.training import iterations as iterations_lib
from tests.helpers import support


@functools.cache
def _data():
    """A folder of 16x16 images."""
    folder = pathlib.Path(tempfile.mkdtemp())
    random = np.random.RandomState(0)
    for index in range(20):
        pixels = random.randint(0, 256, (16, 16, 3), np.uint8)
        images.write_png(folder / f"{index}.png", pixels)
    return str(folder)


def _config(**training):
    """Stages 4, 8 and 16 from 0, 40 and 104 images on; batches 8, 16, 8."""
    config = stylegan.get_config("f")
    config.resolution = 16
    config.data.path = _data()
    for network in (config.generator, config.discriminator):
        network.channel_base, network.channel_max = 64, 8
    config.generator.z_size = config.generator.w_size = 12
    config.generator.mapping_layers = 2
    config.growing = config_lib.GrowingConfig(
        initial_resolution=4,
        stabilise_kimg=0.032,
        fade_kimg=0.032,
        batch_sizes="8:16",
        learning_rates="16:0.004",
    )
    config.training.batch_size = 8
    config.training.sample_grid = (2, 4)
    config.training.log_kimg = 0.016
    config.training.deterministic = True
    for name, value in training.items():
        setattr(config.training, name, value)
    return config


class _Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


class _Kill:
    """Ends the run at once, after the first round beyond a position."""

    period_kimg = 0.001

    def __init__(self, images_seen):
        self._images_seen = images_seen

    def __call__(self, train_state, scalars):
        if train_state.images_seen >= self._images_seen:
            raise _Killed


@pytest.mark.slow
class GrowingRunTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = pathlib.Path(self.create_tempdir().full_path) / "run"

    def test_a_run_grows_through_every_stage(self):
        config = _config(total_kimg=0.136, keep_snapshots=10)
        loop.train(config, self.workdir)
        rows = [
            json.loads(line)
            for line in (self.workdir / run_directory.METRICS).open()
        ]
        by_end = {row["images_seen"]: row for row in rows}
        # A stage's last iteration is the one that goes beyond 32 and 96.
        self.assertEqual(
            [*by_end], [16, 32, 40, 56, 72, 88, 104, 112, 128, 136]
        )
        self._assert_shown(by_end[40], resolution=4, alpha=1, batch_size=8)
        self._assert_shown(by_end[56], resolution=8, alpha=0.75, batch_size=16)
        self._assert_shown(by_end[104], resolution=8, alpha=1, batch_size=16)
        self._assert_shown(by_end[112], resolution=16, alpha=0.5, batch_size=8)
        self._assert_shown(by_end[136], resolution=16, alpha=1, batch_size=8)
        rates = {n: row["learning_rate/generator"] for n, row in by_end.items()}
        self.assertAllClose(rates[104], 0.001)
        self.assertAllClose(rates[112], 0.004)
        self._assert_snapshots()
        self._assert_pictures()

    def _assert_shown(self, row, **expected):
        for name, value in expected.items():
            self.assertAllClose(row[f"stage/{name}"], value)

    def _assert_snapshots(self):
        """One at the end of every stage, and each draws its own stage."""
        paths = checkpoint.snapshots(self.workdir)
        self.assertEqual([int(p.name) for p in paths], [40, 104, 136])
        shown = [stylegan_tf.load(path).stage for path in paths]
        self.assertEqual([each.resolution for each in shown], [8, 16, 16])
        self.assertAllClose([each.alpha for each in shown], [0.25, 0.25, 1])

    def _assert_pictures(self):
        for path in (self.workdir / "samples").glob("*.png"):
            self.assertEqual(Image.open(path).size, (4 * 16, 2 * 16))

    def test_a_run_killed_inside_a_fade_resumes_bit_equal(self):
        # At 56 the 8x8 stage has faded in by 3/4; its snapshot is of 48.
        config = _config(total_kimg=0.136, snapshot_kimg=0.048)
        config.growing.batch_sizes = ""
        with self.assertRaises(_Killed):
            loop.train(config, self.workdir, actions=[_Kill(56)])
        found = checkpoint.find(self.workdir)
        alpha = growing.shown(config, int(found.name)).alpha
        self.assertBetween(alpha, 0.1, 0.9)
        resumed = loop.train(config, self.workdir)
        whole = loop.train(config, self.workdir.parent / "whole")
        self.assertEqual(resumed.images_seen, whole.images_seen)
        pairs = zip(*map(support.numbers, (resumed, whole)), strict=True)
        for ours, theirs in pairs:
            np.testing.assert_array_equal(ours, theirs)

    def test_two_replicas_grow_like_one(self):
        mirrored = support.two_replicas()
        config = _config(total_kimg=0.056)
        train_state = loop.train(config, self.workdir, strategy=mirrored)
        self.assertEqual(train_state.images_seen, 56)
        for weight in train_state.generator.weights:
            first, second = mirrored.experimental_local_results(weight.value)
            self.assertAllEqual(first, second)


class IterationsTest(tf.test.TestCase):
    def _at(self, images_seen):
        config = config_lib.resolve(_config())
        source, _ = inputs.open_data(config)
        train_state = state.create(config, source)
        train_state.images_seen = images_seen
        strategy = tf.distribute.get_strategy()
        return train_state, iterations_lib.Iterations(train_state, strategy)

    @pytest.mark.slow
    def test_adam_forgets_at_both_ends_of_a_fade(self):
        train_state, iterations = self._at(24)
        forgotten = []
        for _ in range(3):
            iterations.iterate(1)
            steps_made = int(train_state.generator_optimizer.iterations)
            _, _, *moments = train_state.discriminator_optimizer.variables
            is_empty = not any(np.any(np.array(each)) for each in moments)
            self.assertEqual(is_empty, steps_made == 0)
            forgotten.append((train_state.images_seen, is_empty))
            if iterations.are_over:
                break
        self.assertEqual(forgotten, [(32, False), (40, True)])
        self.assertTrue(iterations.are_over)
        rate = train_state.generator_optimizer.learning_rate
        self.assertAllClose(tf.convert_to_tensor(rate), 0.001)

    @pytest.mark.slow
    def test_layers_above_the_stage_stay_as_they_were(self):
        train_state, iterations = self._at(48)  # 8x8, half faded in
        before = {v.path: np.array(v) for v in self._weights(train_state)}
        iterations.iterate(1)
        for weight in self._weights(train_state):
            moved = not np.array_equal(before[weight.path], weight)
            is_above = "/b16/" in weight.path
            if is_above or weight.path.endswith("kernel"):
                self.assertEqual(moved, not is_above, weight.path)

    def _weights(self, train_state):
        networks = train_state.generator, train_state.discriminator
        return [v for each in networks for v in each.trainable_weights]

    @pytest.mark.slow
    def test_many_in_one_call_do_what_one_each_does(self):
        found = []
        for counts in ([1, 1, 1, 1], [3, 1]):
            train_state, iterations = self._at(0)
            reports = []
            for count in counts:
                reports += iterations.iterate(count)
            traces = iterations._several.experimental_get_tracing_count()
            self.assertEqual(traces, 1)
            found.append((train_state, reports))
        (one, one_report), (many, many_report) = found
        self.assertEqual(one_report, many_report)
        for a, b in zip(*map(support.numbers, (one, many)), strict=True):
            np.testing.assert_array_equal(a, b)

    def test_replicas_that_leave_no_batch_are_refused(self):
        config = _config()
        config.growing.batch_sizes = "4:4"
        with self.assertRaisesRegex(ValueError, "each of the 8 replicas"):
            growing.config_at(config, 0, replicas=8)

    @pytest.mark.slow
    def test_a_stage_sees_shrunk_images(self):
        config = config_lib.resolve(_config())
        source = sources.open_source(_data())
        stage = growing.config_at(config, 0)
        strategy = tf.distribute.get_strategy()
        batch = next(inputs.batches(stage, source, strategy, 0))
        self.assertEqual(batch[0].shape, (8, 4, 4, 3))
        stage = growing.config_at(config, 10**6)
        full = next(inputs.batches(stage, source, strategy, 0))[0]
        means = np.mean(
            np.reshape(full, (8, 4, 4, 4, 4, 3)), axis=(2, 4), dtype=np.float32
        )
        self.assertAllEqual(batch[0], np.rint(means))


if __name__ == "__main__":
    tf.test.main()
