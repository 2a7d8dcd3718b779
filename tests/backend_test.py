"""Networks on another Keras backend: they import keras only."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf.interop import weights
from stylegan_tf.networks import build
from tests.helpers import official, progressive, support

CASE = "k1_sg2_32_uncond_skip_resnet"
PROGRESSIVE_CASE = "k4_sg1_32_fused_blur"

# Runs in a process of its own, since a process has one Keras backend.
_PROGRAM = """
import json
import sys

import keras
import numpy as np

from stylegan_tf import config as config_lib
from stylegan_tf.interop import weights
from stylegan_tf.networks import build

folder, convention = sys.argv[1:]
with open(f"{folder}/config.json") as file:
    config = config_lib.from_dict(json.load(file))
arrays = dict(np.load(f"{folder}/arrays.npz"))
generator = build.generator(config)
discriminator = build.discriminator(config)
for network, prefix in ((generator, "G/"), (discriminator, "D/")):
    own = {
        key.removeprefix(prefix): value
        for key, value in arrays.items()
        if key.startswith(prefix)
    }
    weights.assign(network, own, convention)
images = generator(arrays["in/z"])
half = generator(arrays["in/z"], truncation_psi=0.5)
np.savez(
    f"{folder}/outputs.npz",
    images=images,
    half=half,
    none=generator(arrays["in/z"], noise="none"),
    scores=discriminator(images),
)
print(json.dumps([keras.config.backend(), "tensorflow" in sys.modules]))
"""


@pytest.mark.slow
class JaxTest(tf.test.TestCase):
    def test_gives_the_official_images_and_scores(self):
        arrays, meta = support.golden(f"{CASE}.G")
        scores, _ = support.golden(f"{CASE}.D")
        outputs = self._run_on_jax(
            official.torch_config(meta), {**scores, **arrays}, "torch"
        )
        for key, expected in (
            ("images", "out/img_psi1_const"),
            ("half", "out/img_psi0.5_const"),
            ("none", "out/img_psi1_none"),
        ):
            expected = support.nhwc(arrays[expected])
            error = support.relative_error(outputs[key], expected)
            self.assertLess(error, 1e-5, key)
        expected = arrays["out/D_logits_of_img_psi1"]
        error = support.relative_error(outputs["scores"], expected)
        self.assertLess(error, 1e-5)

    def test_gives_the_official_images_and_scores_of_stylegan(self):
        arrays, meta = support.golden(PROGRESSIVE_CASE)
        config = progressive.config_of(PROGRESSIVE_CASE, meta)
        outputs = self._run_on_jax(config, arrays, "tensorflow")
        for key, expected in (
            ("images", support.nhwc(arrays["out/img_psi1"])),
            ("scores", arrays["out/logits_fake"]),
        ):
            error = support.relative_error(outputs[key], expected)
            self.assertLess(error, 1e-5, key)

    def test_gives_the_images_and_scores_of_msg(self):
        msg = {"architecture": "msg"}
        config = support.small_config(msg, msg)
        generator = support.shake(build.generator(config))
        discriminator = support.shake(build.discriminator(config))
        z = support.normal(2, 12)
        arrays = {"in/z": z}
        for network, prefix in ((generator, "G/"), (discriminator, "D/")):
            for name, array in weights.arrays(network, "torch").items():
                arrays[prefix + name] = array
        outputs = self._run_on_jax(config, arrays, "torch")
        images = generator(z)
        expected = {"images": images, "scores": discriminator(images)}
        for key, value in expected.items():
            error = support.relative_error(outputs[key], value)
            self.assertLess(error, 1e-5, key)

    def _run_on_jax(self, config, arrays, convention):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            text = config_lib.to_json(config)
            (folder / "config.json").write_text(text)
            np.savez(folder / "arrays.npz", **arrays)
            result = subprocess.run(
                [sys.executable, "-c", _PROGRAM, str(folder), convention],
                cwd=pathlib.Path(__file__).parents[1],
                env={
                    **os.environ,
                    "KERAS_BACKEND": "jax",
                    "JAX_PLATFORMS": "cpu",
                },
                capture_output=True,
                text=True,
                timeout=300,
            )
            self.assertEqual(result.returncode, 0, result.stderr[-4000:])
            backend, has_tensorflow = json.loads(result.stdout.splitlines()[-1])
            self.assertEqual(backend, "jax")
            self.assertFalse(has_tensorflow)
            return dict(np.load(folder / "outputs.npz"))


if __name__ == "__main__":
    tf.test.main()
