"""Settings of official networks beyond those of the golden pickles.

The weights of other golden files, put into pickles as the official code
does.
"""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import network_files
from stylegan_tf.interop.dialects import torch_pickles
from stylegan_tf.pickles import unpickler
from tests.helpers import official, progressive, support
from tests.helpers.interop import making

_FUNCTIONS = {
    "k5": ("G_paper", None, "D_paper"),
    "k4": ("G_style", "G_synthesis", "D_basic"),
    "k3": ("G_main", "G_synthesis_stylegan2", "D_stylegan2"),
    "revised": ("G_main", "G_synthesis_stylegan_revised", "D_stylegan"),
}
_TENSORFLOW = (
    *progressive.PROGAN_CASES,
    *progressive.STYLEGAN_CASES,
    *official.TENSORFLOW_CASES,
    progressive.REVISED_CASE,
)


def _own(arrays, prefix):
    return {
        key.removeprefix(prefix): value
        for key, value in arrays.items()
        if key.startswith(prefix)
    }


def _pickle(case, **changes):
    """Arrays and meta of a case, and its pickle."""
    arrays, meta = support.golden(case)
    for name in ("G", "D"):
        meta[name].pop("func", None)  # of the golden file
    kind = "revised" if case == progressive.REVISED_CASE else case[:2]
    g, synthesis, d = _FUNCTIONS[kind]
    components = {}
    if synthesis:
        components = {"mapping": "G_mapping", "synthesis": synthesis}
    generator = making.tensorflow_state(
        g, {**meta["G"], **changes}, _own(arrays, "G/"), components
    )
    discriminator = making.tensorflow_state(d, meta["D"], _own(arrays, "D/"))
    content = making.tensorflow_pickle(
        (generator, discriminator, generator),
        module="tfutil" if kind == "k5" else "dnnlib.tflib.network",
    )
    return arrays, meta, content


class VariantsTest(official.GoldenTest):
    @parameterized.parameters(*_TENSORFLOW)
    @pytest.mark.slow
    def test_a_tensorflow_pickle_gives_the_config_of_its_case(self, case):
        _, meta, content = _pickle(case)
        file = network_files.read_official(content)
        if case in official.TENSORFLOW_CASES:
            expected = official.tensorflow_config(meta)
        else:
            expected = progressive.config_of(case, meta)
        expected.name = file.config.name
        expected.training = file.config.training
        expected.metrics.repeat_reals = True  # as their metrics do
        for settings in (expected.discriminator, file.config.discriminator):
            settings.mapping_layers = settings.mapping_lr_multiplier = 0
        self.assertEqual(file.config, expected)
        file.networks()

    @parameterized.parameters(*official.TORCH_CASES)
    @pytest.mark.slow
    def test_a_torch_pickle_gives_the_networks_of_its_case(self, case):
        arrays, meta = support.golden(f"{case}.G")
        d_arrays = support.golden(f"{case}.D")[0]
        file = torch_pickles.read(
            {
                "G": making.torch_network(meta["G"], _own(arrays, "G/")),
                "D": making.torch_network(meta["D"], _own(d_arrays, "D/")),
            }
        )
        networks = file.networks()
        images = networks["generator"](arrays["in/z"], arrays["in/c"])
        expected = support.nhwc(arrays["out/img_psi1_const"])
        self.assert_near(images, expected, 1e-5)
        scores = networks["discriminator"](images, arrays["in/c"])
        expected = arrays["out/D_logits_of_img_psi1"]
        self.assert_near(scores, expected, 1e-5)

    def test_stylegans_copy_of_progan_has_other_kernels(self):
        case = "k5_pgan_32_default"
        arrays, meta, _ = _pickle(case)
        turned = {
            key: value.transpose(0, 1, 3, 2)
            if key.endswith("Conv0_up/weight")
            else value
            for key, value in arrays.items()
        }
        states = [
            making.tensorflow_state(f, meta[n], _own(turned, f"{n}/"))
            for f, n in (("G_paper", "G"), ("D_paper", "D"), ("G_paper", "G"))
        ]
        file = network_files.read_official(making.tensorflow_pickle(states))
        self.assertEqual(file.kind, "progan")
        for name, array in _own(arrays, "G/").items():
            self.assertAllEqual(file.arrays["generator"][name], array, name)

    @parameterized.parameters(2, 3, 4, 5)
    def test_every_protocol_is_read(self, protocol):
        state = making.tensorflow_state(
            "G_paper", {}, {"a/weight": np.arange(12.0).reshape(3, 4).T}
        )
        content = making.tensorflow_pickle([state] * 3, protocol=protocol)

        networks = unpickler.load(content)
        ((name, array),) = networks[2].state["variables"]
        self.assertEqual(name, "a/weight")
        self.assertAllEqual(array, np.arange(12.0).reshape(3, 4).T)

    def test_lod_is_the_stage(self):
        case = "k4_sg1_32_default"
        arrays, meta, _ = _pickle(case)
        own = {**_own(arrays, "G/"), "lod": np.float32(1.25)}
        parts = {"mapping": "G_mapping", "synthesis": "G_synthesis"}
        g = making.tensorflow_state("G_style", meta["G"], own, parts)
        d = making.tensorflow_state("D_basic", meta["D"], _own(arrays, "D/"))
        file = network_files.read_official(making.tensorflow_pickle((g, d, g)))
        self.assertEqual(file.lod, 1.25)
        self.assertEqual(file.stage, (16, 0.75))


# Arguments of forks at the value that changes nothing, and at another one.
_NEUTRAL = {
    "square": (True, False),
    "init_res": ([4, 4], [4, 2]),
    "demodulate": (True, False),
    "use_attention": (False, True),
    "disc_c_noise": (0, 1.0),
    "invented": (None, False),
}


class ForksTest(official.GoldenTest, parameterized.TestCase):
    """Files that people share, with less or more in them than official ones."""

    def assert_is_golden(self, value, arrays, role="ema_generator"):
        file = (
            network_files.read_official(value)
            if type(value) is bytes
            else value
        )
        network = file.networks()[role]
        images = network(arrays["in/z"], arrays["in/c"])
        expected = support.nhwc(arrays["out/img_psi1_const"])
        self.assert_near(images, expected, 1e-5)

    def _torch(self, case="k1_sg2_32_cond3_skip_resnet", **changes):
        """Arrays of a case, and its generator with other arguments."""
        arrays, meta = support.golden(f"{case}.G")
        arguments = {**meta["G"], **changes}
        return arrays, making.torch_network(arguments, _own(arrays, "G/"))

    @pytest.mark.slow
    def test_an_averaged_generator_alone(self):
        arrays, network = self._torch()
        self.assertTrue(torch_pickles.is_file(network))
        for value in (
            network,
            {"G_ema": network},
            {"G": None, "G_ema": network},
        ):
            self.assert_is_golden(torch_pickles.read(value), arrays)

    def test_a_bare_pickle(self):
        path = support.GOLDEN / "k6a_ada_32_uncond.nosrc.pkl"
        expected = network_files.read_official(path).arrays["ema_generator"]
        content = path.read_bytes()
        # Ended where the averaged generator is the last value.
        end = content.index(b"X\x0c\0\0\0augment_pipe")
        file = network_files.read_official(content[:end] + b".")
        self.assertEqual(list(file.arrays), ["ema_generator"])
        for name, array in expected.items():
            self.assertAllEqual(file.arrays["ema_generator"][name], array)

    @pytest.mark.slow
    def test_a_generator_of_tensorflow_alone(self):
        for case in ("k3_tf1sg2_32_uncond_skip_resnet", "k4_sg1_32_default"):
            arrays, meta, _ = _pickle(case)
            g, synthesis, _ = _FUNCTIONS[case[:2]]
            state = making.tensorflow_state(
                g,
                meta["G"],
                _own(arrays, "G/"),
                {"mapping": "G_mapping", "synthesis": synthesis},
            )
            whole = network_files.read_official(_pickle(case)[2])
            file = network_files.read_official(making.lone_pickle(state))
            self.assertEqual(list(file.arrays), ["ema_generator"])
            self.assertEqual(file.config.generator, whole.config.generator)
            file.networks()

    @parameterized.parameters(*_NEUTRAL)
    @pytest.mark.slow
    def test_an_argument_that_changes_nothing_is_taken(self, name):
        neutral, other = _NEUTRAL[name]
        arrays, network = self._torch(**{name: neutral})
        self.assert_is_golden(torch_pickles.read({"G_ema": network}), arrays)
        _, network = self._torch(**{name: other})
        with self.assertRaisesRegex(ValueError, f"`{name}`"):
            torch_pickles.read({"G_ema": network})

    @pytest.mark.slow
    def test_neutral_arguments_of_parts_and_of_tensorflow(self):
        arrays, meta = support.golden("k1_sg2_32_cond3_skip_resnet.G")
        synthesis = {**meta["G"]["synthesis_kwargs"], "square": True}
        _, network = self._torch(synthesis_kwargs=synthesis)
        self.assert_is_golden(torch_pickles.read({"G_ema": network}), arrays)
        case = "k3_tf1sg2_32_uncond_skip_resnet"
        sides = {"resolution_w": 32, "resolution_h": 32, "label_fmaps": None}
        network_files.read_official(_pickle(case, **sides)[2])
        with self.assertRaisesRegex(
            ValueError, "`resolution_h` of G must be 32"
        ):
            network_files.read_official(_pickle(case, resolution_h=16)[2])

    @pytest.mark.slow
    def test_layers_that_a_fork_has_added_are_refused_by_name(self):
        arrays, meta = support.golden("k1_sg2_32_cond3_skip_resnet.G")
        own = {
            **_own(arrays, "G/"),
            "synthesis.b16.attention.gamma": np.float32([1.0]),
        }
        network = making.torch_network(meta["G"], own)
        file = torch_pickles.read({"G_ema": network})
        with self.assertRaisesRegex(ValueError, "as `synthesis.b16.attention"):
            file.networks()


class NotSupportedTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ({"invented": 1}, "settings that are not known here: `invented`"),
        ({"fmap_decay": 2.0}, "`fmap_decay` of G must be 1"),
        ({"nonlinearity": "swish"}, "`nonlinearity` of G must be one of"),
        ({"structure": "fixed"}, "`structure` of G must be 'auto'"),
        ({"fmap_max": 1 << 40}, "`fmap_max` of G must be a whole number"),
        ({"fmap_max": -1}, "`fmap_max` of G must be a whole number"),
        ({"fmap_max": "512"}, "`fmap_max` of G must be a number"),
        ({"blur_filter": [0.5, 1]}, "`blur_filter` of G must be a short list"),
        ({"mapping_nonlinearity": "relu"}, "`mapping_nonlinearity` of G"),
        ({"resolution": 1 << 19}, "`resolution` of D must be"),
        ({"mapping_fmaps": 100_000}, "should have at least"),
        ({"latent_size": 100_000}, "should have at least"),
        ({"dlatent_size": 100_000}, "should have at least"),
        ({"fmap_max": 100_000, "fmap_base": 100_000}, "should have at least"),
        ({"mapping_layers": 1 << 20}, "should have at least"),
    )
    @pytest.mark.slow
    def test_a_setting_that_is_not_known_is_an_error(self, changes, message):
        _, _, content = _pickle("k4_sg1_32_default", **changes)
        with self.assertRaisesRegex(ValueError, message):
            network_files.read_official(content)

    def test_a_file_smaller_than_its_config_is_an_error(self):
        arrays, meta = support.golden("k4_sg1_32_default")
        own = _own(arrays, "D/")
        state = making.tensorflow_state(
            "D_basic",
            {**meta["D"], "fmap_base": 1 << 19, "fmap_max": 4096},
            own,
        )
        g = making.tensorflow_state(
            "G_style",
            meta["G"],
            _own(arrays, "G/"),
            {"mapping": "G_mapping", "synthesis": "G_synthesis"},
        )
        with self.assertRaisesRegex(ValueError, "discriminator of this file"):
            network_files.read_official(making.tensorflow_pickle((g, state, g)))

    def test_stylegan3s_own_generator_is_an_error(self):
        network = making.torch_network(
            {},
            {
                "synthesis.input.weight": np.zeros(3),
                "mapping.w_avg": np.zeros(3),
            },
        )
        with self.assertRaisesRegex(ValueError, "StyleGAN3's own generators"):
            torch_pickles.read({"G": network})

    def test_an_image_far_larger_than_the_file_is_an_error(self):
        size = {"resolution": 1 << 20, "fmap_max": 1, "fmap_base": 1 << 20}
        arrays, meta = support.golden("k4_sg1_32_default")
        g, d = (
            making.tensorflow_state(
                f, {**meta[n], **size}, _own(arrays, f"{n}/"), c
            )
            for f, n, c in (
                ("G_style", "G", {"synthesis": "G_synthesis"}),
                ("D_basic", "D", {}),
            )
        )
        with self.assertRaisesRegex(ValueError, "should have at least"):
            network_files.read_official(making.tensorflow_pickle((g, d, g)))

    def test_an_unknown_generator_is_an_error(self):
        states = [making.tensorflow_state("G_msg", {}, {})] * 3
        with self.assertRaisesRegex(ValueError, "are built by 'G_msg'"):
            network_files.read_official(making.tensorflow_pickle(states))

    def test_modules_that_hold_themselves_are_an_error(self):
        module = making.torch_module({})
        module.state["state"]["_modules"]["x"] = module
        with self.assertRaisesRegex(ValueError, "too many modules"):
            torch_pickles.read({"G": module})

    def test_two_networks_are_an_error(self):
        state = making.tensorflow_state("G_paper", {}, {})
        with self.assertRaisesRegex(ValueError, "three networks"):
            network_files.read_official(making.tensorflow_pickle([state] * 2))


if __name__ == "__main__":
    tf.test.main()
