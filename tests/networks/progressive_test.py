"""Growing networks: stages and fades."""

import pathlib
import tempfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.networks import build
from stylegan_tf.ops import scaling
from tests.helpers import progressive, support

FAMILIES = ("progan", "stylegan", "revised")


class StagesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_every_stage_makes_and_judges_images_of_its_size(self, family):
        generator, discriminator = progressive.build_small(family)
        z = support.normal(4, 12)
        for resolution in (4, 8, 16):
            images = generator(z, resolution=resolution)
            self.assertEqual(images.shape, (4, resolution, resolution, 3))
            scores = discriminator(images, resolution=resolution)
            self.assertEqual(scores.shape, (4, 1))
        self.assertAllEqual(generator(z), generator(z, resolution=16))
        self.assertAllEqual(discriminator(generator(z)), scores)

    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_a_fade_starts_where_the_stage_below_ended(self, family):
        generator, discriminator = progressive.build_small(family)
        z, start = support.normal(4, 12), tf.constant(0.0)
        for low, high in ((4, 8), (8, 16)):
            images = generator(z, resolution=low)
            large = scaling.upscale2d(images)
            self.assertAllClose(
                generator(z, resolution=high, alpha=start), large, atol=1e-5
            )
            self.assertAllClose(
                discriminator(large, resolution=high, alpha=start),
                discriminator(images, resolution=low),
                rtol=1e-4,
                atol=1e-5,
            )

    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_a_fade_ends_fully_grown(self, family):
        generator, discriminator = progressive.build_small(family)
        z, end = support.normal(4, 12), tf.constant(1.0)
        images = generator(z)
        self.assertAllClose(generator(z, alpha=end), images, atol=1e-5)
        scores = discriminator(images)
        self.assertAllClose(
            discriminator(images, alpha=end), scores, rtol=1e-4, atol=1e-5
        )

    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_one_trace_serves_a_whole_fade(self, family):
        generator, discriminator = progressive.build_small(family)
        traces = []

        @tf.function
        def run(z, alpha, resolution):
            traces.append(resolution)
            stage = {"resolution": resolution, "alpha": alpha}
            return discriminator(generator(z, **stage), **stage)

        z = tf.constant(support.normal(4, 12))
        for resolution in (8, 16):
            for alpha in (0.0, 0.3, 1.0):
                traced = run(z, tf.constant(alpha), resolution)
                stage = {"resolution": resolution, "alpha": alpha}
                eager = discriminator(generator(z, **stage), **stage)
                self.assertAllClose(traced, eager, rtol=1e-4, atol=1e-5)
        self.assertEqual(traces, [8, 16])

    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_a_stage_runs_only_what_it_needs(self, family):
        networks = progressive.build_small(family)
        for alpha, images_of in ((1.0, [8]), (tf.constant(0.5), [4, 8])):
            with tf.GradientTape() as tape:
                stage = {"resolution": 8, "alpha": alpha}
                images = networks[0](support.normal(4, 12), **stage)
                total = tf.reduce_sum(networks[1](images, **stage))
            variables = [v for n in networks for v in n.trainable_variables]
            gradients = tape.gradient(total, variables)
            for variable, gradient in zip(variables, gradients, strict=True):
                path = variable.path
                if "rgb" in path:
                    runs = any(f"/b{size}/" in path for size in images_of)
                else:
                    runs = "/b16/" not in path
                self.assertEqual(gradient is not None, runs, path)

    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_images_of_another_base_shape_grow_too(self, family):
        generator, discriminator = progressive.build_small(
            family, base_shape=(2, 4)
        )
        images = generator(support.normal(4, 12), resolution=8, alpha=0.5)
        self.assertEqual(images.shape, (4, 4, 8, 3))
        scores = discriminator(images, resolution=8, alpha=0.5)
        self.assertEqual(scores.shape, (4, 1))

    @parameterized.product(family=FAMILIES, precision=("bfloat16", "float16"))
    @pytest.mark.slow
    def test_low_precision_is_near_float32(self, family, precision):
        networks = progressive.build_small(family)
        config = progressive.small_config(family)
        config.training.low_precision_blocks = 2
        z = support.normal(4, 12)
        images = networks[0](z, alpha=0.5)
        for full, make, inputs in zip(
            networks,
            (build.generator, build.discriminator),
            (z, images),
            strict=True,
        ):
            low = make(config, precision=precision)
            low.set_weights(full.get_weights())
            y = low(inputs, alpha=0.5)
            self.assertEqual(y.dtype, "float32")
            expected = full(inputs, alpha=0.5)
            self.assertBetween(support.relative_error(y, expected), 1e-6, 0.1)

    @parameterized.parameters(*FAMILIES)
    @pytest.mark.slow
    def test_saved_files_give_equal_networks(self, family):
        generator, discriminator = progressive.build_small(family, label_size=3)
        z, labels = support.normal(4, 12), np.eye(4, 3, dtype=np.float32)
        images = generator(z, labels)
        with tempfile.TemporaryDirectory() as folder:
            for network in (generator, discriminator):
                path = pathlib.Path(folder) / f"{network.name}.keras"
                network.save(path)
                loaded = keras.saving.load_model(path)
                inputs = z if network is generator else images
                self.assertAllEqual(
                    loaded(inputs, labels), network(inputs, labels)
                )


if __name__ == "__main__":
    tf.test.main()
