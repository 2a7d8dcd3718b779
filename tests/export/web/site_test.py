"""The static page's folder: whole, and its networks those of the snapshot."""

import hashlib
import json
import math
import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, images, latents
from stylegan_tf.export import output
from stylegan_tf.export.web import runtime
from stylegan_tf.export.web import site as site_lib
from tests.helpers import exports, sites

_RUNTIME = {"ort.mjs": b"it runs"}
_PAGE = pathlib.Path(site_lib.__file__).with_name("page")


class _Browser:
    """What the page does, with onnxruntime for Python."""

    def __init__(self, site):
        self.card = json.loads((site / "model" / "model.json").read_text())
        self._parts = {
            part: onnxruntime.InferenceSession(
                str(site / "model" / f"{part}.onnx"),
                providers=["CPUExecutionProvider"],
            )
            for part in ("mapping", "synthesis")
        }

    def inputs(self, part):
        return [each.name for each in self._parts[part].get_inputs()]

    def run(self, part, **inputs):
        (result,) = self._parts[part].run(None, inputs)
        return result

    def images(self, seeds, psi=1.0, strength=1.0):
        """uint8 images of seeds, of the classes in turn."""
        card, inputs = self.card, {}
        z = latents.of_seeds(seeds, card["z_size"])
        if card["label_size"]:
            classes = range(len(seeds))
            inputs["label"] = latents.one_hot(classes, card["label_size"])
        ws = self.run("mapping", z=z, **inputs)
        if card["can_truncate"]:
            ws = latents.truncate(ws, np.float32(card["w_avg"]), psi)
        inputs = {"ws": ws}
        if card["has_noise"]:
            inputs["noise_strength"] = np.float32([strength])
        return images.to_uint8(self.run("synthesis", **inputs))


def _write(folder, kind, **options):
    """A site's path, and its differences to the network."""
    snapshot, path = exports.snapshot(kind), folder / kind
    found = site_lib.write(snapshot, path, (), _RUNTIME, **options)
    return path, found


class _CloseTestCase(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def assert_close(self, actual, expected, levels=1):
        self.assertEqual(actual.shape, expected.shape)
        self.assertLessEqual(np.abs(np.int32(actual) - expected).max(), levels)


@pytest.mark.slow
class KindsTest(_CloseTestCase):
    @parameterized.parameters(
        ("labels", [16, 16, 3]),
        ("resnet", [16, 16, 3]),
        ("msg", [16, 16, 3]),
        ("stylegan", [16, 16, 3]),
        ("progan", [16, 16, 3]),
        ("fading", [8, 8, 3]),
        ("grey", [8, 16, 1]),
        ("rgba", [16, 16, 4]),
    )
    def test_every_kind_gives_the_network_s_images(self, kind, shape):
        path, found = _write(self.folder, kind)
        self.assertEqual([*found], ["mapping", "synthesis"])
        self.assertLess(max(found.values()), 1e-4)
        generator = generators.of_snapshot(exports.snapshot(kind))
        self.assert_small(path, generator.network)
        browser = _Browser(path)
        self.assertEqual(browser.card["image_shape"], shape)
        psi = 0.7 if generator.can_truncate else 1.0
        expected = generator.samples(range(3), psi)
        self.assert_close(browser.images(range(3), psi), expected)
        ws = generator.map(generator.latents([5]), generator.labels([0]))
        self.assert_close(browser.images([5]), generator.images(ws))
        without = browser.images([5], strength=0.0)
        # An untrained StyleGAN's constant is of ones: without noise it has no
        # variance to divide by but that of rounding.
        levels = 3 if kind in ("stylegan", "fading") else 1
        self.assert_close(without, generator.images(ws, "none"), levels)
        has_noise = kind not in ("progan", "rgba")
        self.assertEqual(browser.card["has_noise"], has_noise)
        noise = ["noise_strength"] if has_noise else []
        self.assertEqual(browser.inputs("synthesis"), ["ws", *noise])
        self.assertEqual(np.any(without != browser.images([5])), has_noise)

    def assert_small(self, path, network):
        """No products of weights are stored but some small ones."""
        model = onnx.load(path / "model" / "synthesis.onnx")
        stored = sum(math.prod(each.dims) for each in model.graph.initializer)
        weights = sum(
            math.prod(each.shape) for each in network.synthesis.weights
        )
        self.assertLess(stored, 1.3 * weights)


@pytest.mark.slow
class SiteTest(_CloseTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.site, _ = _write(pathlib.Path(folder), "skip")

    def test_its_operators_are_plain_ones(self):
        # Those of onnxruntime itself would depend on its version.
        for part in ("mapping", "synthesis"):
            model = onnx.load(self.site / "model" / f"{part}.onnx")
            onnx.checker.check_model(model, full_check=True)
            versions = {
                each.domain: each.version for each in model.opset_import
            }
            self.assertEqual(versions[""], 17)
            self.assertEqual({each.domain for each in model.graph.node}, {""})

    def test_it_replaces_nothing(self):
        before = sorted(self.site.parent.rglob("*"))
        with self.assertRaisesRegex(FileExistsError, "exists already"):
            _write(self.site.parent, "skip")
        self.assertEqual(sorted(self.site.parent.rglob("*")), before)

    def test_a_wrong_network_is_not_left_behind(self):
        before = dict(output.TOLERANCES)
        output.TOLERANCES["float32"] = -1.0
        self.addCleanup(output.TOLERANCES.update, before)
        with self.assertRaises(output.MismatchError):
            _write(self.folder, "skip")
        self.assertEmpty([*self.folder.iterdir()])

    def test_it_holds_the_page_the_runtime_and_nothing_else(self):
        files = [each for each in self.site.rglob("*") if each.is_file()]
        found = {each.relative_to(self.site).as_posix() for each in files}
        page = {each.name for each in _PAGE.glob("[!.]*")}
        self.assertIn("index.html", page)
        names = ("mapping.onnx", "synthesis.onnx", "model.json")
        model = {f"model/{name}" for name in names}
        self.assertEqual(found, {*page, *model, "runtime/ort.mjs"})
        for name in page:
            content = (_PAGE / name).read_bytes()
            self.assertEqual((self.site / name).read_bytes(), content)
        content = (self.site / "runtime" / "ort.mjs").read_bytes()
        self.assertEqual(content, b"it runs")


@pytest.mark.slow
class QuickstartTest(_CloseTestCase):
    """The site that the page's tests share."""

    def test_the_card_says_what_the_page_needs(self):
        snapshot = sites.snapshot()
        card = _Browser(sites.site()).card
        expected = {
            "name": "quickstart",
            "image_shape": [32, 32, 3],
            "z_size": 128,
            "w_size": 128,
            "num_ws": 8,
            "label_size": 0,
            "can_truncate": True,
            "has_noise": True,
            "layer_resolutions": [4, 4, 8, 8, 16, 16, 32, 32],
            "precision": "float32",
        }
        self.assertEqual({name: card[name] for name in expected}, expected)
        generator = generators.of_snapshot(snapshot)
        self.assertAllEqual(np.float32(card["w_avg"]), generator.w_avg)
        self.assertEqual(card["software"]["onnxruntime-web"], "1.30.0")
        whole, first = sites.directions(snapshot)
        found = card["directions"]
        self.assertEqual([each["name"] for each in found], ["all", "first"])
        self.assertAllEqual(np.float32(found[0]["vector"]), whole.vector)
        del found[1]["vector"]
        self.assertEqual(
            found[1], {"name": "first", "first": 0, "last": 1, "spread": 2.0}
        )
        self.assertEqual(first.last, 1)

    def test_half_the_weights_are_half_the_download(self):
        snapshot = sites.snapshot()
        half = self.folder / "half"
        site_lib.write(snapshot, half, (), _RUNTIME, precision="float16")
        sizes = [
            sum(each.stat().st_size for each in (path / "model").glob("*.onnx"))
            for path in (sites.site(), half)
        ]
        self.assertLess(sizes[1], 0.55 * sizes[0])
        browser = _Browser(half)
        self.assertEqual(browser.card["precision"], "float16")
        expected = generators.of_snapshot(snapshot).samples([0])
        self.assert_close(browser.images([0]), expected, 2)

    def test_its_images_are_those_of_the_network(self):
        generator = generators.of_snapshot(sites.snapshot())
        seeds, psi = [0, 1, 2**32 - 1], 0.5
        found = _Browser(sites.site()).images(seeds, psi)
        self.assert_close(found, generator.samples(seeds, psi))

    def test_its_runtime_is_the_pinned_one(self):
        folder = sites.site() / "runtime"
        names = [each.name for each in folder.iterdir()]
        self.assertCountEqual(names, [*runtime.FILES, "LICENSE"])
        for name, digest in runtime.FILES.items():
            content = (folder / name).read_bytes()
            self.assertEqual(hashlib.sha256(content).hexdigest(), digest)
        text = (folder / "LICENSE").read_text()
        self.assertIn("MIT License\n\nCopyright (c) Microsoft", text)


if __name__ == "__main__":
    tf.test.main()
