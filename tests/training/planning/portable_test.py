"""StableHLO of the losses: what is written, and that jax runs it."""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training import devices
from stylegan_tf.training.planning import plan, portable

_RUNNER = pathlib.Path(__file__).parents[3] / "tools" / "run_stablehlo.py"


def _config():
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = 4
    return devices.resolve(config)


def _text(path):
    """The program, as people read it."""
    from jax._src.interpreters import mlir
    from jaxlib.mlir.dialects import stablehlo

    context = mlir.make_ir_context()
    return str(
        stablehlo.deserialize_portable_artifact(context, path.read_bytes())
    )


@pytest.mark.slow
class PortableTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory())
        )
        portable.write(_config(), cls.folder)
        cls.made = json.loads((cls.folder / portable.MANIFEST).read_text())

    def test_the_manifest_says_what_each_takes_and_costs(self):
        losses = self.made["losses"]
        self.assertEqual(
            {name: each["runs_per_iteration"] for name, each in losses.items()},
            {
                "generator": 1.0,
                "path_length": 0.5,
                "discriminator": 1.0,
                "penalty": 0.5,
            },
        )
        for name, loss in losses.items():
            program = (self.folder / loss["file"]).read_bytes()
            self.assertStartsWith(program[:4].decode("latin1"), "ML")
            self.assertGreater(loss["flops"], 1e5, name)
            sizes = [np.prod(each["shape"]) for each in loss["parameters"]]
            self.assertGreater(sum(sizes), 1000)

    def test_counts_follow_the_schedule(self):
        config = _config()
        config.loss.pl_weight = 0.0
        config.loss.d_reg_interval_steps = 4
        self.assertEqual(
            plan.losses_per_iteration(config_lib.resolve(config)),
            {"generator": 1.0, "discriminator": 1.0, "penalty": 0.25},
        )

    @parameterized.parameters(
        ("float32", "HIGHEST"), ("tf32", "DEFAULT"), ("bfloat16", "DEFAULT")
    )
    def test_only_products_of_float32_are_exact(self, precision, exactness):
        if not importlib.util.find_spec("jax"):
            self.skipTest("jax is not here")
        config = _config()
        config.training.precision = precision
        with mock.patch.object(
            plan, "losses_per_iteration", return_value={"discriminator": 1.0}
        ):
            portable.write(devices.resolve(config), self.folder / precision)
        text = _text(self.folder / precision / "discriminator.stablehlo")
        found = {each for each in ("HIGHEST", "DEFAULT") if each in text}
        self.assertEqual(found, {exactness})

    @unittest.skipUnless(importlib.util.find_spec("jax"), "jax is not here")
    def test_jax_runs_them(self):
        found = subprocess.run(
            [sys.executable, _RUNNER, self.folder, "--repeats=1"],
            capture_output=True,
            text=True,
            check=True,
        )
        for name in (*self.made["losses"], "images/s", "of peak"):
            self.assertIn(name, found.stdout)

    @unittest.skipUnless(importlib.util.find_spec("jax"), "jax is not here")
    def test_the_runner_says_how_to_write_what_is_not_there(self):
        found = subprocess.run(
            [sys.executable, _RUNNER, self.folder / "none"],
            capture_output=True,
            text=True,
        )
        self.assertEqual(found.returncode, 1)
        self.assertIn("--export_stablehlo=", found.stderr)
        self.assertNotIn("Traceback", found.stderr)


if __name__ == "__main__":
    tf.test.main()
