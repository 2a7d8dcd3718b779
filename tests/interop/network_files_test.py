"""Official pickles against what their own networks answer."""

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import network_files, weights
from tests.helpers import official, support

_CASES = sorted(
    path.name.removesuffix(".nosrc.pkl")
    for path in support.GOLDEN.glob("k6*.pkl")
)
_CONVERTED = sorted(
    path.stem.removesuffix("_converted")
    for path in support.GOLDEN.glob("k6c_*.npz")
)
_KINDS = {
    "k6a": "stylegan2-ada-pytorch",
    "k6b_tf_pgan": "progan",
    "k6b_tf_sg1": "stylegan",
    "k6b_tf_sg2_": "stylegan2",
    "k6b_tf_sg2ada": "stylegan2-ada",
    "k6d": "stylegan3",
}
_ROSINALITY = sorted(path.name for path in support.GOLDEN.glob("k12*.pt"))


def _load(case):
    arrays, meta = support.golden(case)
    file = network_files.read_official(support.GOLDEN / f"{case}.nosrc.pkl")
    return arrays, meta, file, file.networks()


def _truncations(meta):
    """Arguments by the end of the recorded images' names."""
    default = {"truncation_psi": 0.5}
    if meta.get("repo") == "sg1":
        default = {"truncation_psi": 0.7, "truncation_cutoff": 8}
    return {
        "img": {},
        "img_psi1": {},
        "img_psi0.7": {"truncation_psi": 0.7},
        "img_default_truncation": default,
    }


class OfficialFilesTest(official.GoldenTest):
    @parameterized.parameters(*_CASES)
    @pytest.mark.slow
    def test_a_pickle_reproduces_its_outputs(self, case):
        arrays, meta, file, networks = _load(case)
        (kind,) = {k for p, k in _KINDS.items() if case.startswith(p)}
        self.assertEqual(file.kind, kind)
        grows = file.config.is_progressive
        self.assertEqual(file.stage, (32 if grows else None, 1.0))
        repeats = file.config.metrics.repeat_reals  # as their metrics do
        self.assertEqual(repeats, kind in ("progan", "stylegan", "stylegan2"))
        z, c = arrays["in/z"], arrays["in/c"]
        compared = 0
        for ours, theirs in (
            ("generator", "G"),
            ("ema_generator", "Gs"),
            ("ema_generator", "G_ema"),
        ):
            for name, arguments in _truncations(meta).items():
                key = f"out/{theirs}/{name}"
                if key in arrays:
                    images = networks[ours](z, c, **arguments)
                    expected = support.nhwc(arrays[key])
                    self.assert_near(images, expected, 1e-5, key)
                    compared += 1
            for name in ("ws", "dlatents"):
                key = f"out/{theirs}/{name}"
                if key in arrays:
                    ws = networks[ours].map(z, c)
                    self.assert_near(ws, arrays[key], 1e-5, key)
        self.assertGreaterEqual(compared, 2)
        scores = networks["discriminator"](support.nhwc(arrays["in/img"]), c)
        (key,) = {"out/D/logits", "out/D/scores"} & set(arrays)
        self.assert_near(scores, arrays[key], 1e-5)
        if "out/augment_pipe/p" in arrays:
            self.assertEqual(file.augment_p, arrays["out/augment_pipe/p"])

    @parameterized.parameters(*[c for c in _CASES if c.startswith("k6b")])
    @pytest.mark.slow
    def test_every_variable_comes_under_its_name(self, case):
        arrays, _, file, _ = _load(case)
        for ours, theirs in (
            ("generator", "G/"),
            ("discriminator", "D/"),
            ("ema_generator", "Gs/"),
        ):
            expected = {
                key.removeprefix(theirs): value
                for key, value in arrays.items()
                if key.startswith(theirs)
            }
            self.assertEqual(set(file.arrays[ours]), set(expected))
            for name, array in expected.items():
                self.assertAllEqual(file.arrays[ours][name], array, name)

    @parameterized.parameters(*_CONVERTED)
    @pytest.mark.slow
    def test_written_as_torch_it_is_what_the_official_converter_writes(
        self, case
    ):
        expected, _ = support.golden(f"{case}_converted")
        _, _, _, networks = _load(case.replace("k6c", "k6b"))
        for ours, theirs in (
            ("generator", "G/"),
            ("discriminator", "D/"),
            ("ema_generator", "G_ema/"),
        ):
            for name, array in weights.arrays(networks[ours], "torch").items():
                self.assertAllClose(
                    array, expected[theirs + name], atol=1e-6, msg=name
                )

    @parameterized.parameters(*_ROSINALITY)
    @pytest.mark.slow
    def test_a_rosinality_file_reproduces_its_outputs(self, name):
        arrays, meta = support.golden("k12_rosinality_32")
        file = network_files.read_official(support.GOLDEN / name)
        self.assertEqual(file.kind, "rosinality")
        networks = file.networks()
        for ours, theirs in (("generator", "g"), ("ema_generator", "g_ema")):
            z, key = arrays["in/z"], f"out/{theirs}/img_psi1_bufnoise"
            expected = support.nhwc(arrays[key])
            self.assert_near(networks[ours](z), expected, 1e-5)
            noise = [support.nhwc(arrays[f"in/noise_{i}"]) for i in range(7)]
            expected = support.nhwc(arrays[f"out/{theirs}/img_psi1_innoise"])
            self.assert_near(networks[ours](z, noise=noise), expected, 1e-5)
            if "converted" in name:  # the only one with a mean w
                images = networks[ours](z, truncation_psi=0.7)
                key = f"out/{theirs}/img_psi0.7_bufnoise"
                self.assert_near(images, support.nhwc(arrays[key]), 1e-5)
        scores = networks["discriminator"](support.nhwc(arrays["in/img"]))
        self.assert_near(scores, arrays["out/d/logits_batch8"], 1e-5)

    def test_without_a_mean_w_it_is_estimated(self):
        arrays, _ = support.golden("k12_rosinality_32")
        file = network_files.read_official(
            support.GOLDEN / "k12_rosinality_32.pt"
        )
        error = support.relative_error(
            file.arrays["ema_generator"]["mapping.w_avg"],
            arrays["in/latent_avg"][0],
        )
        self.assertLess(error, 0.05)

    def test_a_pickle_of_something_else_is_a_clear_error(self):
        with self.assertRaisesRegex(ValueError, "none of the official"):
            network_files.read_official(b"\x80\x03]q\x00.")
        with self.assertRaisesRegex(ValueError, "neither `g_ema` nor `g`"):
            path = support.GOLDEN / "k12_rosinality_32.legacy.pt"
            content = path.read_bytes().replace(b"g_ema", b"g_abc")
            network_files.read_official(
                content.replace(b"X\x01\x00\x00\x00g", b"X\x01\x00\x00\x00k")
            )


if __name__ == "__main__":
    tf.test.main()
