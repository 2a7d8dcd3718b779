"""Held-out images: never trained on, scored as the others are."""

import functools
import json
import pathlib
import tempfile

import numpy as np
import pytest
import tensorflow as tf

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf import images, run_directory
from stylegan_tf.training import continuing, inputs, loop, state, step
from tests.helpers import batches, support


@functools.cache
def _data():
    """A folder of 24 images of 8x8, each of one grey."""
    folder = pathlib.Path(tempfile.mkdtemp())
    for index in range(24):
        image = np.full((8, 8, 3), 10 * index, np.uint8)
        images.write_png(folder / f"{index:02d}.png", image)
    return str(folder)


def _config(**training):
    config = tiny.get_config()
    config.resolution, config.data.path = 8, _data()
    config.data.holdout = 0.25
    for name, value in training.items():
        setattr(config.training, name, value)
    return config


def _greys(made, count):
    """Greys of the images of the next batches."""
    greys = set()
    for _ in range(count):
        greys |= set(inputs.next_batch(made).images.numpy()[:, 0, 0, 0])
    return greys


class BatchesTest(tf.test.TestCase):
    def test_an_image_is_trained_on_or_held_out(self):
        source, config = inputs.open_data(_config())
        strategy = tf.distribute.get_strategy()
        trained = _greys(inputs.batches(config, source, strategy, 0), 4)
        scored = inputs.held_out_batches(config, source, strategy, 0)
        held_out = _greys(scored, 2)
        self.assertEqual(held_out, {10, 20, 80, 100, 220, 230})
        self.assertEqual(trained, set(range(0, 240, 10)) - held_out)
        self.assertEqual(
            continuing.describe(source, 0) | {"samples": "", "path": ""},
            {
                "path": "",
                "images": 18,
                "shape": [8, 8, 3],
                "label_size": 0,
                "samples": "",
                "held_out": 6,
            },
        )

    def test_a_run_that_goes_on_with_another_share_is_told(self):
        workdir, told = self.create_tempdir().full_path, []
        for share in (0.25, 0.25, 0.5):
            config = _config()
            config.data.holdout = share
            described = continuing.describe(inputs.open_data(config)[0], 0)
            told.append(continuing.other_data(workdir, described))
            continuing.remember(workdir, described)
        self.assertEqual(told[:2], ["", ""])
        self.assertRegex(
            told[2],
            "so far: 18 images of .*, 6 held out. Now asked for: 12 images of "
            ".*, 12 held out.",
        )

    def test_they_go_on_where_the_run_does(self):
        source, config = inputs.open_data(_config())
        strategy = tf.distribute.get_strategy()

        def after(iterations):
            return inputs.held_out_batches(config, source, strategy, iterations)

        first, second = (inputs.next_batch(b) for b in [after(0)] * 2)
        self.assertNotAllEqual(first.images, second.images)
        for made in (1, 4):  # the second is scored before the fifth
            again = inputs.next_batch(after(made))
            self.assertAllEqual(again.images, second.images)

    def test_they_are_shrunk_as_a_run_grows(self):
        source, config = inputs.open_data(_config())
        config.resolution = 4
        made = inputs.held_out_batches(
            config, source, tf.distribute.get_strategy(), 0
        )
        self.assertEqual(inputs.next_batch(made).images.shape, (8, 4, 4, 3))

    def test_without_a_holdout_there_are_none(self):
        config = _config()
        config.data.holdout = 0.0
        source, config = inputs.open_data(config)
        strategy = tf.distribute.get_strategy()
        made = inputs.held_out_batches(config, source, strategy, 0)
        self.assertIsNone(made)
        self.assertLen(source, 24)
        self.assertNotIn("held_out", continuing.describe(source, 0))


class ScoresTest(tf.test.TestCase):
    def _scores(self, strategy, pixels):
        config = config_lib.resolve(_config())
        with strategy.scope():
            made = state.create(config)
        support.shake(made.discriminator)
        traced = step.traced(made, strategy)
        replicas = strategy.num_replicas_in_sync
        parts = np.split(pixels, replicas)

        def share(value):
            if replicas == 1:
                return tf.constant(value[0])
            return strategy.experimental_distribute_values_from_function(
                lambda c: tf.constant(value[c.replica_id_in_sync_group])
            )

        nothing = np.zeros((len(parts[0]), 0), np.float32)
        batch = batches.of(share(parts), share([nothing] * replicas))
        found = traced[step.score_held_out](batch, tf.constant(0, tf.int64))
        scores = [
            made.discriminator(tf.cast(part, tf.float32) / 127.5 - 1)
            for part in parts
        ]
        return found, np.concatenate(scores)

    @pytest.mark.slow
    def test_scores_are_those_of_the_discriminator(self):
        random = np.random.RandomState(0)
        pixels = random.randint(0, 256, (16, 8, 8, 3)).astype(np.uint8)
        one = tf.distribute.get_strategy()
        for strategy in (one, support.two_replicas()):
            found, scores = self._scores(strategy, pixels)
            self.assertAllClose(found["scores/held_out"], scores.mean())
            self.assertAllClose(
                found["scores/held_out_sign"], np.sign(scores).mean()
            )


@pytest.mark.slow
class RunTest(tf.test.TestCase):
    def test_a_run_scores_them_now_and_then(self):
        workdir = pathlib.Path(self.create_tempdir().full_path) / "run"
        # Six updates of each network.
        config = _config(total_kimg=0.048, sample_grid=(4, 4))
        config.loss.pl_weight = config.loss.r1_gamma = 0.0  # traces faster
        loop.train(config, workdir)
        lines = (workdir / run_directory.METRICS).read_text().splitlines()
        rows = {row["images_seen"]: row for row in map(json.loads, lines)}
        self.assertEqual(list(rows), [16, 32, 48])
        scored = [n for n, row in rows.items() if "scores/held_out" in row]
        self.assertEqual(scored, [16, 48])  # before the first and the fifth
        drawn = [n for n, row in rows.items() if "collapse/diversity" in row]
        self.assertEqual(drawn, [32, 48])  # with the sheets


if __name__ == "__main__":
    tf.test.main()
