"""SeFa: unit, orthogonal, sorted, by hand; and whose weights it takes."""

import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators
from stylegan_tf.editing.directions import sefa
from stylegan_tf.networks import build
from tests.helpers import exports, support


def _bound(**settings):
    config = support.small_config(**{"resolution": 16, **settings})
    return generators.Bound(support.shake(build.generator(config)))


class FactoriseTest(tf.test.TestCase):
    def test_a_matrix_by_hand(self):
        """A^T A is [[10, 6], [6, 10]]: eigenvalues 16 and 4."""
        weight = [[3.0, 1.0], [1.0, 3.0], [0.0, 0.0]]
        directions, strengths = sefa.factorise(weight, 2)
        half = np.sqrt(0.5)
        self.assertAllClose(strengths, [4.0, 2.0])
        self.assertAllClose(directions[0], [half, half])
        self.assertAllClose(np.abs(directions[1]), [half, half])
        self.assertAllClose(directions[1].sum(), 0.0)

    def test_directions_are_unit_orthogonal_and_sorted(self):
        weight = np.random.RandomState(0).randn(40, 12)
        directions, strengths = sefa.factorise(weight, 12)
        self.assertAllClose(directions @ directions.T, np.eye(12), atol=1e-12)
        felt = np.linalg.norm(weight @ directions.T, axis=0)
        self.assertAllClose(felt, strengths)
        self.assertAllEqual(np.sort(strengths)[::-1], strengths)
        # No unit step is felt more than the first, or less than the last.
        steps = support.normal(12, 100)
        steps /= np.linalg.norm(steps, axis=0)
        felt = np.linalg.norm(weight @ steps, axis=0)
        self.assertAllInRange(felt, strengths[-1], strengths[0])

    def test_the_sign_does_not_depend_on_the_library(self):
        directions, _ = sefa.factorise(np.diag([1.0, -2.0, 3.0]), 2)
        self.assertAllEqual(directions, [[0, 0, 1], [0, 1, 0]])


class StyleWeightsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("skip", "orig", "resnet")
    @pytest.mark.slow
    def test_all_convolutions_and_no_to_rgb(self, architecture):
        """At 16x16: 4 | 8 8 | 16 16 maps of input, and 4 wide to_rgb."""
        kind = {"architecture": architecture}
        generator = _bound(generator=kind)
        synthesis = generator.network.synthesis
        expected = [
            conv.conv.affine
            for block in synthesis.blocks
            for conv in block.convs
        ]
        found = sefa.style_weights(generator)
        self.assertLen(expected, 5)
        rows = [a.kernel.numpy().T * a.scale for a in expected]
        self.assertAllEqual(found, np.concatenate(rows))
        some = sefa.style_weights(generator, 1, 3)
        self.assertAllEqual(some, np.concatenate(rows[1:3]))
        with self.assertRaisesRegex(ValueError, "layers 5 to 5.*--layers"):
            sefa.style_weights(generator, 5, 6)

    def test_a_step_changes_styles_by_what_the_weights_say(self):
        generator = _bound()
        conv = generator.network.synthesis.blocks[1].convs[0].conv
        w, step = support.normal(2, 1, 12)
        change = conv.affine(w + step) - conv.affine(w)
        expected = step @ sefa.style_weights(generator, 1, 2).T
        self.assertAllClose(change, expected, atol=1e-5)

    def test_stylegan_has_scales_and_shifts_up_to_its_stage(self):
        generator = generators.of_snapshot(exports.snapshot("fading"))
        styles = [
            epilogue.adain.style
            for block in generator.network.synthesis.blocks[:2]
            for epilogue in block.epilogues
        ]
        rows = sum(style.units for style in styles)
        self.assertLen(sefa.style_weights(generator), rows)

    def test_progan_has_one_layer_of_z(self):
        kind = {"architecture": "progan"}
        generator = _bound(generator=kind, discriminator=kind)
        dense = generator.network.synthesis.blocks[0].dense
        found = sefa.style_weights(generator)
        self.assertAllClose(found, dense.kernel.numpy().T * dense.scale)

    def test_a_saved_model_shows_no_weights(self):
        network = types.SimpleNamespace(config=None)
        generator = types.SimpleNamespace(network=network)
        with self.assertRaisesRegex(ValueError, "a SavedModel does not show"):
            sefa.style_weights(generator)


if __name__ == "__main__":
    tf.test.main()
