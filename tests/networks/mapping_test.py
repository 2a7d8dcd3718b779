"""The mapping network: official values, broadcast and truncation."""

import types

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.networks import build, generator, mapping
from tests.helpers import support

CASES = {
    case["name"]: (case, arrays)
    for case, arrays in support.cases_of("k2_layers", "MappingNetwork")
}


class GoldenTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*CASES)
    def test_w_matches_the_official_network(self, name):
        case, arrays = CASES[name]
        network = _network(case, arrays)
        w = network(arrays.get("in/z"), arrays.get("in/c"))
        expected = arrays["out/w"]
        if expected.ndim == 3:  # theirs broadcasts, all layers are equal
            expected = expected[:, 0]
        self.assertLess(support.relative_error(w, expected), 1e-5)

    @parameterized.parameters("mapping0", "mapping1", "mapping4")
    def test_truncation_matches_the_official_network(self, name):
        case, arrays = CASES[name]
        network = _network(case, arrays)
        # What `Generator.map` does, without a synthesis network.
        owner = types.SimpleNamespace(mapping=network, num_ws=case["num_ws"])
        w = network(arrays.get("in/z"), arrays.get("in/c"))
        ws = generator.Generator.broadcast(owner, w)
        for key, options in (
            ("out/w", {}),
            ("out/w_psi0.7", {"truncation_psi": 0.7}),
            ("out/w_psi-1", {"truncation_psi": -1.0}),
            (
                "out/w_psi0.7_cutoff2",
                {"truncation_psi": 0.7, "truncation_cutoff": 2},
            ),
        ):
            truncated = generator.Generator.truncate(owner, ws, **options)
            error = support.relative_error(truncated, arrays[key])
            self.assertLess(error, 1e-5, key)

    @parameterized.parameters("mapping0", "mapping1", "mapping4")
    def test_one_batch_moves_the_mean_as_officially(self, name):
        case, arrays = CASES[name]
        network = _network(case, arrays)
        w = network(arrays.get("in/z"), arrays.get("in/c"))
        before, batch_mean = arrays["w/w_avg"], np.mean(w, axis=0)
        after = batch_mean + (before - batch_mean) * 0.995
        expected = arrays["out/w_avg_after_one_train_call"]
        self.assertLess(support.relative_error(after, expected), 1e-5)


class MappingTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("embed", "concat", "raw")
    def test_keeps_the_contract(self, label_mode):
        network = mapping.Mapping(
            z_size=4,
            label_size=3,
            w_size=5,
            layers=2,
            width=6,
            label_width=7,
            label_mode=label_mode,
            lr_multiplier=0.1,
        )
        network.build()
        z, labels = support.normal(2, 4), np.eye(3, dtype=np.float32)[:2]
        support.shake(network)
        config = network.get_config()
        copy = mapping.Mapping.from_config(config)
        copy.build()
        copy.set_weights(network.get_weights())
        self.assertEqual(copy.get_config(), config)
        self.assertAllEqual(copy(z, labels), network(z, labels))
        names = [weight.path.split("/", 1)[1] for weight in network.weights]
        own = {
            "embed": ["embed/kernel", "embed/bias"],
            "concat": ["label_concat"],
            "raw": [],
        }[label_mode]
        parts = ("kernel", "bias")
        dense = [f"dense{i}/{part}" for i in (0, 1) for part in parts]
        self.assertCountEqual(names, ["w_avg", *own, *dense])

    def test_without_layers_w_is_the_normalised_z(self):
        network = mapping.Mapping(z_size=4, w_size=4, layers=0)
        network.build()
        w = network(tf.constant([[2.0, 0.0, 0.0, 0.0], [1.0, -1.0, 1.0, 1.0]]))
        self.assertAllClose(w, [[2.0, 0.0, 0.0, 0.0], [1.0, -1.0, 1.0, 1.0]])

    def test_without_layers_the_widths_must_agree(self):
        network = mapping.Mapping(z_size=4, w_size=5, layers=0)
        with self.assertRaisesRegex(ValueError, "w_size=5"):
            network.build()

    @parameterized.parameters((True, 0.75**0.5), (False, 1.0))
    def test_raw_appends_the_label_itself(self, normalize_inputs, divisor):
        network = mapping.Mapping(
            z_size=2,
            label_size=2,
            w_size=4,
            layers=0,
            label_mode="raw",
            normalize_inputs=normalize_inputs,
        )
        network.build()
        z, labels = tf.constant([[1.0, 1.0]]), np.array([[0.0, 1.0]])
        expected = np.array([[1.0, 1.0, 0.0, 1.0]]) / divisor
        self.assertAllClose(network(z, labels), expected)

    def test_concat_normalises_latent_and_label_as_one(self):
        network = mapping.Mapping(
            z_size=2, label_size=2, w_size=4, layers=0, label_mode="concat"
        )
        network.build()
        network.label_concat.assign([[3.0, 0.0], [0.0, 1.0]])
        z, labels = tf.constant([[1.0, 1.0]]), tf.constant([[0.0, 1.0]])
        # [1, 1, 0, 1] has mean square 3/4.
        expected = np.array([[1.0, 1.0, 0.0, 1.0]]) / 0.75**0.5
        self.assertAllClose(network(z, labels), expected)

    def test_embed_normalises_latent_and_label_apart(self):
        network = mapping.Mapping(
            z_size=2, label_size=2, w_size=4, layers=0, label_width=2
        )
        network.build()
        z, labels = tf.constant([[5.0, 0.0]]), tf.constant([[0.0, 1.0]])
        squares = np.square(network(z, labels))
        self.assertAllClose(squares[0, :2], [2.0, 0.0])
        self.assertAllClose(np.sum(squares[0, 2:]), 2.0)

    def test_a_scale_of_z_changes_nothing(self):
        network = mapping.Mapping(z_size=8, w_size=8, layers=2, width=8)
        network.build()
        z = support.normal(3, 8)
        error = support.relative_error(network(100 * z), network(z))
        self.assertLess(error, 1e-5)


class TruncationTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.generator = build.generator(support.small_config())
        support.shake(self.generator)
        self.w_avg = self.generator.mapping.w_avg.numpy()
        self.z = support.normal(3, 12)

    def test_without_truncation_all_layers_share_w(self):
        ws = self.generator.map(self.z)
        self.assertEqual(ws.shape, (3, 6, 12))
        w = self.generator.mapping(self.z)
        for layer in range(6):
            self.assertAllEqual(ws[:, layer], w)

    def test_psi_zero_is_the_mean_and_psi_is_linear(self):
        mean = self.generator.map(self.z, truncation_psi=0.0)
        self.assertAllClose(mean, np.broadcast_to(self.w_avg, (3, 6, 12)))
        ws = self.generator.map(self.z)
        half = self.generator.map(self.z, truncation_psi=0.5)
        self.assertAllClose(half, (ws + mean) / 2, rtol=1e-5, atol=1e-5)

    def test_psi_may_be_a_tensor(self):
        psi = tf.constant(0.7)
        self.assertAllClose(
            self.generator.map(self.z, truncation_psi=psi),
            self.generator.map(self.z, truncation_psi=0.7),
        )

    def test_cutoff_leaves_later_layers_alone(self):
        ws = self.generator.map(self.z)
        cut = self.generator.map(
            self.z, truncation_psi=0.5, truncation_cutoff=2
        )
        whole = self.generator.map(self.z, truncation_psi=0.5)
        self.assertAllEqual(cut[:, :2], whole[:, :2])
        self.assertAllEqual(cut[:, 2:], ws[:, 2:])


def _network(case, arrays):
    """Our network of an official case, with its weights."""
    w_size = case["w_dim"]
    network = mapping.Mapping(
        z_size=case["z_dim"],
        label_size=case["c_dim"],
        w_size=w_size,
        layers=case.get("num_layers", 8),
        width=case.get("layer_features", w_size),
        label_width=case.get("embed_features", w_size),
        lr_multiplier=case.get("lr_multiplier", 0.01),
        activation=case.get("activation", "lrelu"),
        track_mean=case["num_ws"] is not None,
    )
    network.build()
    layers = {f"fc{i}": layer for i, layer in enumerate(network.dense)}
    if case["c_dim"]:
        layers["embed"] = network.embed
    for name, layer in layers.items():
        weight, bias = arrays[f"w/{name}.weight"], arrays[f"w/{name}.bias"]
        support.set_weights(layer, weight.T, bias)
    if "w/w_avg" in arrays:
        network.w_avg.assign(arrays["w/w_avg"])
    return network


if __name__ == "__main__":
    tf.test.main()
