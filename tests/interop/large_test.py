"""Networks of 1024 pixels: seconds and memory, in a process of its own."""

import json
import pathlib
import subprocess
import sys

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.interop import weights
from stylegan_tf.networks import build
from tests.helpers.interop import making

_ROOT = pathlib.Path(__file__).parents[2]
# Functions that build G, its synthesis and D, and arguments of all.
_FAMILIES = {
    "stylegan": ("G_style", "G_synthesis", "D_basic", {"fmap_base": 8192}),
    "stylegan2": (
        "G_main",
        "G_synthesis_stylegan2",
        "D_stylegan2",
        {"fmap_base": 16384},
    ),
}
_READ = """
import json, sys, time
from stylegan_tf.interop import network_files
from stylegan_tf.pickles import unpickler

def memory(name):
    with open("/proc/self/status") as file:
        return int(file.read().split(name)[1].split()[0]) * 1024

idle, start = memory("VmRSS:"), time.perf_counter()
value = unpickler.load(sys.argv[1])
figures = {"read_seconds": time.perf_counter() - start}
figures["read_bytes"] = memory("VmHWM:") - idle
del value
start = time.perf_counter()
file = network_files.read_official(sys.argv[1])
networks = file.networks()
figures["import_seconds"] = time.perf_counter() - start
figures["peak_bytes"] = memory("VmHWM:")
print(json.dumps({"kind": file.kind, **figures}))
"""


def _config(family, fmap_base):
    settings = {"channel_base": 2 * fmap_base}
    progressive = family == "stylegan"
    return config_lib.resolve(
        config_lib.Config(
            resolution=1024,
            generator=config_lib.GeneratorConfig(
                architecture="stylegan" if progressive else "skip", **settings
            ),
            discriminator=config_lib.DiscriminatorConfig(
                architecture="stylegan" if progressive else "resnet",
                label_mode="select",
                **settings,
            ),
        )
    )


def _content(family):
    """A pickle of the family's networks at 1024x1024, new weights."""
    g_function, synthesis, d_function, arguments = _FAMILIES[family]
    config = _config(family, **arguments)
    parts = {"mapping": "G_mapping", "synthesis": synthesis}
    arguments = {**arguments, "resolution": 1024, "num_channels": 3}
    generator, discriminator = (
        weights.arrays(make(config), "tensorflow")
        for make in (build.generator, build.discriminator)
    )
    g = making.tensorflow_state(g_function, arguments, generator, parts)
    d = making.tensorflow_state(d_function, arguments, discriminator)
    copies = {name: array.copy() for name, array in generator.items()}
    ema = making.tensorflow_state(g_function, arguments, copies, parts)
    return making.tensorflow_pickle((g, d, ema), protocol=4)


@pytest.mark.slow
class LargeTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_FAMILIES)
    def test_a_network_of_1024_pixels_is_read_in_seconds(self, family):
        content = _content(family)
        path = self.create_tempfile("x.pkl", content, mode="wb").full_path
        answer = subprocess.run(
            [sys.executable, "-c", _READ, path],
            capture_output=True,
            text=True,
            cwd=_ROOT,
            timeout=300,
        )
        self.assertEqual(answer.returncode, 0, answer.stderr[-2000:])
        figures = json.loads(answer.stdout.splitlines()[-1])
        print(len(content) >> 20, "MiB", figures)
        self.assertEqual(figures["kind"], family)
        self.assertLess(figures["read_seconds"], 5)
        self.assertLess(figures["read_bytes"], 1.5 * len(content))
        self.assertLess(figures["import_seconds"], 20)
        self.assertLess(figures["peak_bytes"], 3 << 30)


if __name__ == "__main__":
    tf.test.main()
