"""Growing: the official schedules, hand-computed stages, faded reals."""

import math

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import recipes
from stylegan_tf.networks import growth
from stylegan_tf.ops import scaling
from stylegan_tf.training import growing
from tests.helpers import support

_ARRAYS, _META = support.golden("k9_schedule")
_CASES = [name for name in _META["cases"] if name != "process_reals"]
_TICKS = {
    "pgan": "4:160 8:140 16:120 32:100 64:80 128:60 256:40 512:20 1024:10",
    "sg1": "4:160 8:140 16:120 32:100 64:80 128:60 256:40 512:30 1024:20",
    "sg2": "8:28 16:24 32:20 64:16 128:12 256:8 512:6 1024:4",
}


def _table(values):
    return " ".join(f"{size}:{value}" for size, value in values.items())


def _config(case):
    """Our config of an official schedule, and its replicas."""
    meta = _META["cases"][case]
    options, family = meta["kwargs"], meta["family"]
    is_stylegan2 = family == "sg2"
    first = 0 if is_stylegan2 else 4
    batch = "minibatch_size" if is_stylegan2 else "minibatch"
    config = config_lib.Config(resolution=meta["resolution"])
    config.generator.architecture = "stylegan"
    config.discriminator.architecture = "stylegan"
    config.growing = config_lib.GrowingConfig(
        initial_resolution=options.get("lod_initial_resolution", first),
        stabilise_kimg=options.get("lod_training_kimg", 600),
        fade_kimg=options.get("lod_transition_kimg", 600),
        batch_sizes=_table(options.get(f"{batch}_dict", {})),
        batch_limits=_table(options.get("max_minibatch_per_gpu", {})),
        images_at_once=_table(options.get("minibatch_gpu_dict", {})),
        learning_rates=_table(options.get("G_lrate_dict", {})),
        rampup_kimg=options.get("lrate_rampup_kimg", 0),
        tick_kimg=_TICKS[family],
    )
    training = config.training
    training.batch_size = options.get(
        f"{batch}_base", 32 if is_stylegan2 else 16
    )
    training.max_batch_per_replica = 4 if is_stylegan2 else 0
    rate = 0.002 if is_stylegan2 else 0.001
    training.generator_lr = options.get("G_lrate_base", rate)
    training.discriminator_lr = options.get("D_lrate_base", rate)
    return config_lib.resolve(config), meta["num_gpus"]


class ScheduleTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_CASES)
    def test_equals_the_official_one(self, case):
        config, replicas = _config(case)
        positions = _ARRAYS[f"in/{case}/cur_nimg"]
        at_once = config.training.max_batch_per_replica or -1
        ours = [
            (
                images_seen / 1000,
                growing.lod(config, images_seen),
                growing.resolution(config, images_seen),
                growing.batch_size(config, images_seen, replicas),
                growing.by_table(
                    "images_at_once", at_once, config, images_seen
                ),
                *growing.learning_rates(config, images_seen),
                growing.by_table("tick_kimg", 1.0, config, images_seen),
            )
            for images_seen in (int(each) for each in positions)
        ]
        expected = _ARRAYS[f"f64/out/{case}"]
        self.assertLen(ours, 114)
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)

    @parameterized.parameters(*_CASES)
    def test_alpha_is_what_is_left_of_the_lod(self, case):
        config, _ = _config(case)
        for images_seen in _ARRAYS[f"in/{case}/cur_nimg"]:
            alpha = growing.shown(config, images_seen).alpha
            lod = growing.lod(config, images_seen)
            self.assertAlmostEqual(math.floor(lod) + 1 - alpha, lod)
            self.assertGreater(alpha, 0)
            self.assertLessEqual(alpha, 1)


class StagesTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.config = config_lib.Config(resolution=32)
        recipes.both(self.config, architecture="stylegan")
        self.config.growing = config_lib.GrowingConfig(
            initial_resolution=8,
            stabilise_kimg=1,
            fade_kimg=2,
            batch_sizes="8:300 16:128",
        )
        self.config.training.batch_size = 50

    def test_alpha_rises_while_a_stage_fades_in(self):
        shown = [
            growing.shown(self.config, images_seen)
            for images_seen in (0, 1000, 1001, 2000, 3000, 4000, 5000, 6000)
        ]
        self.assertAllClose(
            shown,
            [
                (8, 1),
                (8, 1),
                (16, 0.0005),
                (16, 0.5),
                (16, 1),
                (16, 1),
                (32, 0.5),
                (32, 1),
            ],
        )

    def test_stages_start_with_their_fades(self):
        starts = growing.starts(self.config)
        self.assertEqual(starts, {8: 0, 16: 1001, 32: 4001})
        self.config.growing.fade_kimg = 0
        starts = growing.starts(self.config)
        self.assertEqual(starts, {8: 0, 16: 1000, 32: 2000})
        self.config.growing.initial_resolution = 0
        self.assertEqual(growing.starts(self.config), {32: 0})

    def test_adam_forgets_where_a_fade_begins_and_ends(self):
        resets = [
            growing.resets_optimizers(self.config, before, before + 100)
            for before in (0, 900, 1000, 1500, 2900, 3000, 3900, 4000, 5900)
        ]
        expected = [False, False, True, False, True, False, False, True, True]
        self.assertEqual(resets, expected)

    def test_a_stage_has_two_style_layers_a_resolution(self):
        counts = [
            growing.config_at(self.config, images_seen).num_ws
            for images_seen in (0, 1000, 1001, 4000, 4001, 9000)
        ]
        self.assertEqual(counts, [4, 4, 6, 6, 8, 8])
        self.config.generator.use_styles = False
        self.assertEqual(growing.config_at(self.config, 0).num_ws, 1)

    def test_steps_are_those_of_a_loop(self):
        for fade_kimg in (2, 0):
            self.config.growing.fade_kimg = fade_kimg
            images_seen = 0
            for step in range(80):
                made, end = growing.iterations(self.config, images_seen)
                self.assertEqual((made, end), (step, images_seen))
                images_seen += growing.batch_size(self.config, images_seen)
            self.assertGreater(images_seen, 2000)

    def test_a_run_that_starts_grown_has_one_batch(self):
        self.config.growing.initial_resolution = 0
        at = growing.config_at(self.config, 0)
        self.config.growing.batch_sizes = "32:20"
        self.assertEqual(
            growing.config_at(self.config, 0).training, at.training
        )
        self.assertEqual(at.training.batch_size, 50)
        self.assertEqual(growing.batch_size(self.config, 0), 50)
        self.assertEqual(growing.iterations(self.config, 101), (3, 150))
        self.config.growing.learning_rates = "32:0.5"
        self.assertEqual(growing.learning_rates(self.config, 0), (0.5, 0.5))

    def test_penalties_are_those_of_full_images(self):
        # A discriminator of means of 4x4 boxes, at 8x8 of 32x32 images.
        self.assertEqual(growing.penalty_scale(self.config, 8), 1 / 16)
        images = tf.constant(support.normal(2, 32, 32, 3))
        small = scaling.downscale2d(images, 4)

        def square(gradient):
            return tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3])

        with tf.GradientTape(persistent=True) as tape:
            tape.watch([images, small])
            of_small = tf.reduce_sum(tf.sin(small))
            of_full = tf.reduce_sum(tf.sin(scaling.downscale2d(images, 4)))
        self.assertAllClose(
            square(tape.gradient(of_full, images)),
            square(tape.gradient(of_small, small)) / 16,
        )

    def test_a_bad_table_says_so(self):
        config = config_lib.Config()
        config.growing.batch_sizes = "8;16"
        with self.assertRaisesRegex(ValueError, "growing.batch_sizes.*8;16"):
            config_lib.resolve(config)
        config.growing.batch_sizes = "8=16"
        with self.assertRaisesRegex(ValueError, "growing.batch_sizes.*8=16"):
            config_lib.resolve(config)

    def test_other_architectures_do_not_grow(self):
        recipes.both(self.config, architecture="orig")
        with self.assertRaisesRegex(ValueError, "progressive architectures"):
            config_lib.resolve(self.config)


class FadedRealsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.product(
        family=("sg1", "pgan"), lod=(0.0, 0.5, 1.0, 1.3, 2.75)
    )
    def test_equal_the_official_ones(self, family, lod):
        whole = math.floor(lod)
        reals = support.nhwc(_ARRAYS["in/reals_uint8"])
        size = reals.shape[1] >> whole
        images = tf.cast(reals[:, :size, :size], tf.float32) / 127.5 - 1
        faded = growth.fade_images(images, 1 - (lod - whole))
        actual = scaling.upscale2d(faded, 1 << whole)
        expected = _ARRAYS[f"out/process_reals/{family}/lod{lod:g}"]
        error = support.relative_error(actual, support.nhwc(expected))
        self.assertLessEqual(error, 1e-5)


if __name__ == "__main__":
    tf.test.main()
