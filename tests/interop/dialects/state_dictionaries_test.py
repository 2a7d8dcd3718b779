"""State dictionaries of PyTorch in the layouts that people share.

The golden networks, rewritten; every one must answer as before.
"""

import argparse
import pathlib
import pickle
import time

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import network_files
from stylegan_tf.interop.dialects import state_dictionaries
from tests.helpers import official, support
from tests.helpers.interop import making

_ROSINALITY = "k12_rosinality_32"
_ADA = [
    case
    for case in official.TORCH_CASES
    if "variant" not in case  # with settings that no array tells
]
_CONDITIONAL = "k1_sg2_32_cond3_skip_resnet"
_CONVERTED = "k6c_tf_sg2_32_uncond_converted"


def _own(arrays, prefix):
    return {
        key.removeprefix(prefix): value
        for key, value in arrays.items()
        if key.startswith(prefix)
    }


def _prefixed(arrays, prefix):
    return {f"{prefix}{key}": value for key, value in arrays.items()}


def _rosinality(name="g_ema"):
    return _own(support.golden(_ROSINALITY)[0], f"{name}/")


def _ada(case=_CONDITIONAL, name="G"):
    return _own(support.golden(f"{case}.{name}")[0], f"{name}/")


def _without(arrays, *parts):
    return {
        key: value
        for key, value in arrays.items()
        if not any(part in key for part in parts)
    }


def _encoder():
    """Some arrays of an encoder beside a decoder."""
    return {
        "encoder.input_layer.0.weight": np.ones((4, 3, 3, 3), np.float32),
        "encoder.styles.0.linear.weight": np.ones((16, 16), np.float32),
        "encoder.body.0.res_layer.0.running_mean": np.ones(4, np.float32),
        "encoder.body.0.res_layer.0.num_batches_tracked": np.array(7),
    }


def _read(value):
    """File and networks of a value that torch.save has written."""
    file = network_files.read_official(making.torch_file(value))
    return file, file.networks()


# A layout by what it is: the role of the generator, and the file.
_LAYOUTS = {
    "bare": ("generator", lambda g: g),
    "of DataParallel": ("generator", lambda g: _prefixed(g, "module.")),
    "g_ema alone": ("ema_generator", lambda g: {"g_ema": g}),
    "g alone": ("generator", lambda g: {"g": g}),
    "upper case": ("ema_generator", lambda g: {"G_ema": g}),
    "generator_ema": ("ema_generator", lambda g: {"generator_ema": g}),
    "params_ema": ("ema_generator", lambda g: {"params_ema": g}),
    "decoder of pSp": (
        "generator",
        lambda g: {
            "state_dict": {**_encoder(), **_prefixed(g, "decoder.")},
            "opts": {"device": "cuda:0", "n_styles": 8, "exp_dir": None},
        },
    ),
    "of Lightning": (
        "ema_generator",
        lambda g: {
            "epoch": 3,
            "pytorch-lightning_version": "1.9.0",
            "state_dict": _prefixed(g, "g_ema."),
        },
    ),
    "beside another one": (
        "ema_generator",
        lambda g: {"g_ema": g, "g_source": g, "iter": 5},
    ),
}


class RosinalityTest(official.GoldenTest):
    def assert_is_golden(self, network, name="g_ema", **arguments):
        arrays, _ = support.golden(_ROSINALITY)
        z = arrays["in/z"]
        noise = [support.nhwc(arrays[f"in/noise_{i}"]) for i in range(7)]
        prefix = f"out/{name}/img_psi1"
        for given, recorded in ((noise, "innoise"), ("none", "zeronoise")):
            expected = support.nhwc(arrays[f"{prefix}_{recorded}"])
            self.assert_near(network(z, noise=given), expected, 1e-5)

    @parameterized.parameters(*_LAYOUTS)
    @pytest.mark.slow
    def test_a_layout_gives_the_same_images(self, name):
        role, layout = _LAYOUTS[name]
        file, networks = _read(layout(_rosinality()))
        self.assertEqual(file.kind, "rosinality")
        self.assertEqual(list(networks), [role])
        self.assert_is_golden(networks[role])
        arrays, _ = support.golden(_ROSINALITY)
        expected = support.nhwc(arrays["out/g_ema/img_psi1_bufnoise"])
        self.assert_near(networks[role](arrays["in/z"]), expected, 1e-5)

    @pytest.mark.slow
    def test_a_pickle_of_numpy_arrays_is_read_too(self):
        file = network_files.read_official(
            pickle.dumps({"g_ema": _rosinality()})
        )
        networks = file.networks()
        self.assert_is_golden(networks["ema_generator"])

    @pytest.mark.slow
    def test_a_file_of_safetensors_is_read_too(self):
        content = making.safetensors_file(_prefixed(_rosinality(), "g_ema."))
        networks = network_files.read_official(content).networks()
        self.assert_is_golden(networks["ema_generator"])

    def test_settings_of_a_training_beside_it_do_no_harm(self):
        options = {"exp_dir": pathlib.PosixPath("x"), "size": 32, "seed": None}
        value = {"g_ema": _rosinality(), "args": argparse.Namespace(**options)}
        file, _ = _read({**value, "ada_aug_p": 0.25, "g_optim": {"state": {}}})
        self.assertEqual(file.augment_p, 0.25)

    @parameterized.parameters((1,), (8,))
    @pytest.mark.slow
    def test_the_mean_w_of_psp_is_repeated_for_every_layer(self, rows):
        arrays, _ = support.golden(_ROSINALITY)
        mean = np.repeat(arrays["in/latent_avg"], rows, axis=0)
        file, networks = _read(
            {
                "state_dict": _prefixed(_rosinality(), "decoder."),
                "latent_avg": mean,
            }
        )
        self.assertEmpty(file.notes)
        images = networks["generator"](arrays["in/z"], truncation_psi=0.7)
        expected = support.nhwc(arrays["out/g_ema/img_psi0.7_bufnoise"])
        self.assert_near(images, expected, 1e-5)

    def test_a_mean_w_that_differs_by_layer_is_refused(self):
        mean = np.arange(8 * 16, dtype=np.float32).reshape(8, 16)
        with self.assertRaisesRegex(ValueError, "`latent_avg` has different"):
            _read({"g_ema": _rosinality(), "latent_avg": mean})
        with self.assertRaisesRegex(ValueError, "`latent_avg` must be of 16"):
            _read({"g_ema": _rosinality(), "latent_avg": mean[:, :5].copy()})

    @pytest.mark.slow
    def test_without_noise_inputs_they_are_drawn_and_that_is_said(self):
        own = _without(_rosinality(), "noises.")
        file, networks = _read({"g_ema": own})
        self.assertRegex(" ".join(file.notes), "no noise inputs.*fixed")
        self.assert_is_golden(networks["ema_generator"])
        noise = file.arrays["ema_generator"]["synthesis.b32.conv1.noise_const"]
        self.assertAllClose(np.std(noise), 1.0, atol=0.1)
        again, _ = _read({"g_ema": own})
        for name, array in again.arrays["ema_generator"].items():
            self.assertAllEqual(array, file.arrays["ema_generator"][name])

    @parameterized.parameters(1, 2, 5)
    @pytest.mark.slow
    def test_another_depth_of_the_mapping(self, depth):
        own = {
            key: value
            for key, value in _rosinality().items()
            if not key.startswith("style.") or int(key.split(".")[1]) <= depth
        }
        file, networks = _read(own)
        self.assertEqual(file.config.generator.mapping_layers, depth)
        z = support.normal(3, 16)
        x = z / np.sqrt(np.mean(z**2, axis=1, keepdims=True) + 1e-8)
        for index in range(1, depth + 1):
            weight, bias = (
                own[f"style.{index}.{n}"] for n in ("weight", "bias")
            )
            x = x @ weight.T * (0.01 / 4) + bias * 0.01
            x = np.where(x > 0, x, 0.2 * x) * np.sqrt(2)
        w = networks["generator"].map(z)[:, 0]
        self.assert_near(w, x, 1e-5)

    @parameterized.parameters(1, 2)
    @pytest.mark.slow
    def test_the_widths_are_read_from_the_shapes(self, multiplier):
        # Those of a 256-pixel network of this repository, all divided by 64.
        maps = [8, 8, 8, 8, 4 * multiplier, 2 * multiplier, multiplier]
        own = making.rosinality_generator(maps, width=16)
        file, networks = _read(own)
        self.assertEqual(file.config.resolution, 256)
        self.assertEqual(file.config.generator.channel_table, "")
        self.assertEqual(file.config.generator.channel_base, 256 * multiplier)
        images = networks["generator"](support.normal(1, 16))
        self.assertEqual(images.shape, (1, 256, 256, 3))

    @pytest.mark.slow
    def test_half_and_double_precision_are_read(self):
        for dtype in (np.float16, np.float64):
            own = {k: v.astype(dtype) for k, v in _rosinality().items()}
            _, networks = _read({"g_ema": own})
            self.assert_is_golden(networks["ema_generator"])


class AdaTest(official.GoldenTest):
    @parameterized.parameters(*_ADA)
    @pytest.mark.slow
    def test_a_state_dictionary_gives_the_networks_of_its_case(self, case):
        arrays, _ = support.golden(f"{case}.G")
        own, d = _ada(case), _ada(case, "D")
        file, networks = _read({"G_ema": own, "D": d})
        self.assertEqual(file.kind, "stylegan2-ada-pytorch")
        self.assertRegex(" ".join(file.notes), "does not tell the activation")
        g = networks["ema_generator"]
        z, c = arrays["in/z"], arrays["in/c"]
        for psi in (1, 0.5):
            expected = support.nhwc(arrays[f"out/img_psi{psi}_const"])
            self.assert_near(g(z, c, truncation_psi=psi), expected, 1e-5)
        expected = support.nhwc(arrays["out/img_psi1_const"])
        scores = networks["discriminator"](expected, c)
        self.assert_near(scores, arrays["out/D_logits_of_img_psi1"], 1e-5)

    @parameterized.parameters("bare", "g_ema alone", "decoder of pSp")
    @pytest.mark.slow
    def test_other_layouts(self, layout):
        arrays, _ = support.golden(f"{_CONDITIONAL}.G")
        role, change = _LAYOUTS[layout]
        _, networks = _read(change(_ada()))
        images = networks[role](arrays["in/z"], arrays["in/c"])
        expected = support.nhwc(arrays["out/img_psi1_const"])
        self.assert_near(images, expected, 1e-5)

    @pytest.mark.slow
    def test_filters_are_read_and_else_the_usual_ones(self):
        own = _ada("k1_sg2_32_variant_nombstd_filter121_relu")
        self.assertEqual(
            _read(own)[0].config.generator.resample_filter, (1, 2, 1)
        )
        file, _ = _read(_without(own, "resample_filter"))
        self.assertEqual(file.config.generator.resample_filter, (1, 3, 3, 1))

    @pytest.mark.slow
    def test_networks_without_noise_inputs(self):
        own = _without(_ada(), "noise_")
        file, networks = _read(own)
        self.assertFalse(file.config.generator.use_noise)
        arrays, _ = support.golden(f"{_CONDITIONAL}.G")
        images = networks["generator"](arrays["in/z"], arrays["in/c"])
        expected = support.nhwc(arrays["out/img_psi1_none"])
        self.assert_near(images, expected, 1e-5)

    def test_what_the_official_converter_wrote(self):
        arrays, _ = support.golden(_CONVERTED)
        file, _ = _read({"G_ema": _own(arrays, "G_ema/")})
        for name, array in file.arrays["ema_generator"].items():
            self.assertAllEqual(array, arrays[f"G_ema/{name}"], name)


class RefusedTest(tf.test.TestCase, parameterized.TestCase):
    def assert_refused(self, value, message):
        with self.assertRaisesRegex(ValueError, message) as caught:
            _read(value)
        text = str(caught.exception)
        self.assertLess(len(text), 600)
        self.assertNotIn("\n", text)

    def test_a_conditional_fork_is_no_network_with_wide_z(self):
        own = _rosinality()
        own["style.1.weight"] = np.full((16, 32), 100, np.float32)
        own["style.1.weight"][:, ::2] *= -1
        message = r"`style.1.weight` of `g_ema` is \[16, 32\].*conditional"
        self.assert_refused({"g_ema": own}, message)
        own["embed.weight"] = np.zeros((3, 16), np.float32)
        self.assert_refused({"g_ema": own}, message)
        d = {**_rosinality("d"), "final_linear.1.weight": np.ones((3, 16))}
        self.assert_refused(
            {"g_ema": _rosinality(), "d": d}, "`d` gives 3 scor"
        )

    def test_labels_that_come_in_otherwise_are_refused(self):
        own = _without(_ada(), "mapping.embed")
        self.assert_refused(own, "takes 64 numbers.*labels come in by a way")

    @parameterized.parameters(
        "extra.weight", "to_rgb1.iwt.xx", "convs.0.attention.gamma"
    )
    @pytest.mark.slow
    def test_what_computes_something_else_is_refused_by_name(self, name):
        own = {**_rosinality(), name: np.ones(3, np.float32)}
        self.assert_refused({"g_ema": own}, "1 arrays that no network of the k")

    @parameterized.parameters(
        ("input.input", "`g_ema` has no `synthesis.b4.const`"),
        ("conv1.conv.weight", "`g_ema` has no `synthesis.b4.conv1.weight`"),
        ("style.3.weight", r"has the layers \[0, 1, 3"),
        ("style.3.bias", "Layer 2 of the mapping .* no bias"),
        ("convs.1.activate.bias", "`synthesis.b8.conv1.bias` is missing"),
        ("to_rgbs.1.conv.weight", "neither orig nor skip nor resnet"),
        ("noises.noise_2", "b8.conv1.noise_const` is missing"),
        ("convs.4.noise.weight", "b32.conv0.noise_strength` is missing"),
    )
    @pytest.mark.slow
    def test_a_missing_array_is_named(self, name, message):
        own = _rosinality()
        del own[name]
        self.assert_refused({"g_ema": own}, message)

    @parameterized.parameters(
        ("input.input", (1, 16, 4, 2), "4x2: a fork .* not square"),
        ("input.input", (4, 16, 4, 4), r"must have 3 axes. Received: \(4, 16"),
        ("conv1.noise.weight", (1, 16, 1, 1), r"wants shape \(\).*_strength"),
        ("convs.0.conv.weight", (12, 16, 3, 3), None),
        ("convs.2.conv.weight", (1, 10, 12, 5, 5), "wants shape"),
        ("to_rgb1.conv.weight", (1, 3, 16, 3, 3), "wants shape"),
        ("style.2.weight", (16, 17), r"`style.2.weight` of `g_ema` is"),
        ("style.2.bias", (17,), "Layer 1 of the mapping"),
        ("noises.noise_3", (2, 1, 16, 16), "wants shape"),
        ("to_rgbs.0.upsample.kernel", (4, 4), "several filters"),
        ("to_rgbs.0.upsample.kernel", (0, 4), "no filter of whole taps"),
        ("to_rgbs.0.upsample.kernel", (4,), "no filter of whole taps"),
    )
    @pytest.mark.slow
    def test_another_shape_is_told(self, name, shape, message):
        own = {**_rosinality(), name: np.ones(shape, np.float32)}
        if message is None:  # an axis of one may be left out
            _read({"g_ema": own})
            return
        self.assert_refused({"g_ema": own}, message)

    @parameterized.parameters(np.nan, np.inf)
    def test_numbers_that_are_not_finite_are_refused(self, value):
        own = _rosinality()
        own["convs.1.conv.weight"] = own["convs.1.conv.weight"] * value
        self.assert_refused(
            own, "`convs.1.conv.weight` has numbers that are not f"
        )
        own = {k: v.astype(np.float64) for k, v in _rosinality().items()}
        own["convs.1.conv.weight"] *= 1e300
        self.assert_refused(
            own, "`convs.1.conv.weight` has numbers that are not f"
        )

    def test_whole_numbers_are_refused(self):
        own = _rosinality()
        own["convs.1.conv.weight"] = own["convs.1.conv.weight"].astype(np.int64)
        self.assert_refused(own, "floating point numbers. Received: int64")

    def test_another_learning_rate_of_the_mapping_is_refused(self):
        self.assert_refused(
            _ada("k1_sg2_32_variant_gray_clamp_nonoise"), "spread by 9.*multipl"
        )
        own = {
            key: value / 100 if key.startswith("style.") else value
            for key, value in _rosinality().items()
        }
        self.assert_refused(own, "spread by .*, where a learning rate")

    def test_a_discriminator_of_another_network_is_refused(self):
        d = _ada("k1_sg2_32_uncond_skip_resnet", "D")
        self.assert_refused(
            {"G_ema": _ada(), "D": d}, "`D` is of another network.* 0 classes"
        )
        self.assert_refused({"D": d}, "neither `g_ema` nor `g`.*called `D`")

    def test_two_that_may_be_the_generator_are_refused(self):
        own = _rosinality()
        self.assert_refused(
            {"g": own, "generator": own.copy()}, "`generator` and `g` may both"
        )
        self.assert_refused({"teacher": own}, "networks called `teacher`. Save")

    @parameterized.parameters(
        ("synthesis.L0_36_512.weight", "StyleGAN3's own generator"),
        ("mapping.embed_proj.weight", "a StyleGAN-XL"),
        ("superresolution.block0.conv0.weight", "an EG3D"),
        ("to_rgb1.iwt.ll", "a SWAGAN"),
        (
            "generator.progression.0.conv1.0.weight_orig",
            "rosinality/style-based-gan-pytorch",
        ),
        ("scaleLayers.0.0.module.weight", "a progressive GAN"),
        ("style_mlp.1.weight", "BasicSR"),
        ("synthesis.layer0.weight", "genforce"),
        ("model.diffusion_model.out.2.weight", "a diffusion model"),
        ("layer1.0.conv1.weight", "a ResNet"),
        ("Mixed_5b.branch1x1.conv.weight", "an Inception"),
        ("something.else", "1 arrays, such as `something.else`"),
    )
    def test_it_is_said_what_a_file_looks_like(self, name, message):
        array = np.ones(3, np.float32)
        self.assert_refused({name: array}, message)
        self.assert_refused({"state_dict": {f"net.{name}": array}}, "looks|suc")

    def test_thousands_of_networks_in_a_file_are_refused_at_once(self):
        array = np.ones(1, np.float32)
        value = {f"p{index}.input.input": array for index in range(20_000)}
        start = time.perf_counter()
        with self.assertRaisesRegex(ValueError, "only networks called `p0`, "):
            state_dictionaries.read(value)
        self.assertLess(time.perf_counter() - start, 5)

    def test_a_checkpoint_of_lightning_is_told(self):
        value = {"pytorch-lightning_version": "2.0", "state_dict": {}}
        self.assert_refused(value, "PyTorch Lightning. It holds no arrays")

    @parameterized.parameters("rosinality", "stylegan2-ada-pytorch")
    @pytest.mark.slow
    def test_whatever_is_changed_is_refused_or_changes_nothing(self, kind):
        random = np.random.default_rng(0)
        whole = {"G_ema": _ada(), "D": _ada(name="D")}
        if kind == "rosinality":
            whole = {"g_ema": _rosinality(), "d": _rosinality("d")}
        expected = _weights(_read(whole)[1])
        refused = 0
        for _ in range(40):
            value = {name: dict(own) for name, own in whole.items()}
            own = value[random.choice(list(value))]
            name = random.choice(list(own))
            _change(own, name, random)
            try:
                _, networks = _read(value)
            except ValueError as error:
                refused += 1
                self.assertNotIn("damaged", str(error), name)
                self.assertLess(len(str(error)), 600)
            else:
                self.assertAllEqual(_weights(networks), expected, name)
        self.assertBetween(refused, 10, 39)


def _weights(networks):
    """All weights in one row, but for the mean w."""
    return np.concatenate(
        [
            np.ravel(weight)
            for network in networks.values()
            for weight in network.weights
            if not weight.path.endswith("w_avg")
        ]
    )


def _change(own, name, random):
    """One array away, of another shape, type or name."""
    array = own.pop(name)
    match random.integers(0, 6):
        case 1:
            own[name] = array[..., None].copy()
        case 2:
            own[name] = np.resize(array, random.integers(0, 5, 2))
        case 3:
            own[name] = array.astype(random.choice([np.float16, np.int64]))
        case 4:
            own[f"{name}.more"] = array
        case 5:
            own[name] = array.reshape(-1)


if __name__ == "__main__":
    tf.test.main()
