"""Weights of feature networks from the files that they are published in."""

import pathlib
import struct
import tarfile

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.features import lpips, vgg16, weight_files
from stylegan_tf.pickles import torch_files
from tests.helpers import feature_rule, support
from tests.helpers.interop import assembling
from tests.helpers.interop.assembling import line, text


def _tensor(key, array):
    strides = [each // array.itemsize for each in array.strides]
    stored = assembling.storage("FloatStorage", key, array.size)
    return assembling.tensor(stored, array.shape, strides)


def _object(name, **attributes):
    """An object as TorchScript pickles it."""
    *module, last = name.split(".")
    body = b"".join(text(key) + content for key, content in attributes.items())
    return line(".".join(module), last) + b")\x81}(" + body + b"ub"


def _script(arrays):
    """A TorchScript archive of modules with these arrays."""
    members, keys, tree = {}, {}, {}
    for index, (name, array) in enumerate(arrays.items()):
        keys[name] = str(index)
        members[f"data/{index}"] = array.astype(np.float32).tobytes()
        *path, last = name.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = _tensor(str(index), array)

    def module(node, name):
        return _object(
            f"__torch__.nets.{name}",
            training=b"\x89",
            sizes=line("torch.jit._pickle", "build_intlist")
            + b"](K\x01K\x02e\x85R",
            **{
                key: module(child, f"___torch_mangle_{key}.Net")
                if isinstance(child, dict)
                else child
                for key, child in node.items()
            },
        )

    members["data.pkl"] = b"\x80\x02" + module(tree, "Net") + b"."
    members["code/__torch__/nets.py"] = b"import os\nos.abort()\n"
    members["constants.pkl"] = b"\x80\x02)."
    members["version"] = struct.pack("<I", 3)
    return assembling.archive(members, root="vgg16/")


def _state(arrays):
    """An archive of a state dictionary."""
    members, body = {}, b""
    for index, (name, array) in enumerate(arrays.items()):
        members[f"data/{index}"] = array.tobytes()
        body += text(name) + _tensor(str(index), array)
    value = line("collections", "OrderedDict") + b")R(" + body + b"u."
    return assembling.archive({"data.pkl": value, **members})


def _graph(*, scales):
    """Of a convolution with the batch normalisation of 2015."""
    graph = tf.compat.v1.GraphDef()
    names = ("mean", "variance", "beta", "gamma")
    for index, name in enumerate(("conv/conv2d_params", *names)):
        node = graph.node.add(op="Const", name=name)
        node.attr["dtype"].type = tf.float32.as_datatype_enum
        value = tf.make_tensor_proto(np.full(4, index, np.float32))
        node.attr["value"].tensor.CopyFrom(value)
    node = graph.node.add(op="Const", name="shape")
    node.attr["dtype"].type = tf.int32.as_datatype_enum
    node = graph.node.add(
        op="BatchNormWithGlobalNormalization", name="conv/batchnorm"
    )
    node.input.extend(["conv/Conv2D", *names])
    node.attr["scale_after_normalization"].b = scales
    return graph.SerializeToString()


class WeightFilesTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        random = np.random.RandomState(0)
        self.arrays = {
            name: random.standard_normal(shape).astype(np.float32)
            for name, shape in {
                "layers.conv1.weight": (4, 3, 3, 3),
                "layers.conv1.bias": (4,),
                "lpips0": (4,),
            }.items()
        }

    def _check(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        found = weight_files.read_arrays(path)
        self.assertEqual(set(found), set(self.arrays))
        for key, array in self.arrays.items():
            self.assertAllEqual(found[key], array)

    def test_torchscript_is_read_without_its_code(self):
        self._check("vgg16.pt", _script(self.arrays))

    def test_state_dictionaries_are_read(self):
        self._check("vgg16.pth", _state(self.arrays))

    def test_npz_is_read(self):
        np.savez(self.folder / "a.npz", **self.arrays)
        self._check("b.npz", (self.folder / "a.npz").read_bytes())

    def test_what_goes_in_circles_ends(self):
        loop = {"array": np.zeros(2)}
        loop["loop"] = loop
        self.assertEqual([*torch_files.arrays_by_name(loop)], ["array"])

    @parameterized.parameters(
        ("vgg16.pkl", "vgg16.pt"), ("vgg16.bin", "no known kind")
    )
    def test_other_kinds_are_refused(self, name, message):
        with self.assertRaisesRegex(ValueError, message):
            weight_files.read_arrays(self.folder / name)

    @parameterized.parameters("vgg16.pt", "inception.pth", "x.npz")
    def test_a_web_page_is_told(self, name):
        path = self.folder / name
        path.write_bytes(b"<!DOCTYPE html><html>")
        with self.assertRaisesRegex(ValueError, f"{name} .* It is a web page"):
            weight_files.read_arrays(path)

    @parameterized.parameters(
        (line("os", "system") + text("true") + b"\x85R.", "os.system"),
        (line("__torch__x", "Net") + b")\x81.", "`__torch__x.Net`"),
        (line("__torch__", "Net") + b"K\x01\x85\x81.", "the arguments"),
        (
            line("torch.jit._pickle", "build_intlist") + b"K\x01\x85R.",
            "arguments of `torch.jit._pickle.build_intlist`",
        ),
    )
    def test_what_else_a_script_asks_for_is_refused(self, value, message):
        path = self.folder / "a.pt"
        path.write_bytes(assembling.archive({"data.pkl": value}))
        with self.assertRaisesRegex(ValueError, f"a.pt can not .*{message}"):
            weight_files.read_arrays(path)

    def test_long_names_are_refused_before_they_multiply(self):
        inner = {str(index): {} for index in range(100_000)}
        for tree in ({"x" * 1_000_000: inner}, {"x" * 150: {"y" * 150: inner}}):
            with self.assertRaisesRegex(ValueError, "refused the name 'xxx"):
                torch_files.arrays_by_name(tree)

    @pytest.mark.slow
    def test_lpips_is_the_same_from_each_of_its_files(self):
        arrays = feature_rule.vgg16(has_classifier=False)
        golden, _ = support.golden("k11_vgg16_lpips")
        heads = [golden[f"lpips/lin{index}"] for index in range(5)]
        (self.folder / "port.pth").write_bytes(_state(arrays))
        named = {
            f"lin{i}.model.1.weight": head.reshape(1, -1, 1, 1)
            for i, head in enumerate(heads)
        }
        (self.folder / "heads.pth").write_bytes(_state(named))
        script = {
            theirs + part: arrays[ours + part]
            for ours, theirs in zip(
                vgg16._TORCHVISION[:-2],
                vgg16._SCRIPT[:-2],
                strict=True,
            )
            for part in (".weight", ".bias")
        }
        script |= {f"lpips{i}": head for i, head in enumerate(heads)}
        (self.folder / "script.pt").write_bytes(_script(script))
        images = [
            support.nhwc(golden[f"in/pair_{side}_uint8"]) for side in "ab"
        ]
        port = lpips.load(self.folder / "port.pth", self.folder / "heads.pth")
        script = lpips.load(self.folder / "script.pt")
        expected = golden["out/lpips/total"]
        for detector in (port, script):
            found = detector.distance(*images)
            self.assertAllClose(found, expected, rtol=1e-4)


class FrozenGraphTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.create_tempdir().full_path) / "g.pb"

    def test_float_constants_are_read_by_name(self):
        self.path.write_bytes(_graph(scales=True))
        arrays = weight_files.read_arrays(self.path)
        self.assertSameElements(
            arrays, ["conv/conv2d_params", "mean", "variance", "beta", "gamma"]
        )
        self.assertAllEqual(arrays["beta"], [3, 3, 3, 3])

    def test_a_scale_that_the_graph_does_not_use_is_left_out(self):
        self.path.write_bytes(_graph(scales=False))
        self.assertNotIn("gamma", weight_files.read_arrays(self.path))

    def test_an_archive_is_looked_into(self):
        self.path.write_bytes(_graph(scales=True))
        archive = self.path.with_name("inception-2015-12-05.tgz")
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(__file__, "README")
            tar.add(self.path, "classify_image_graph_def.pb")
        self.assertIn("beta", weight_files.read_arrays(archive))

    def test_what_is_no_graph_is_refused(self):
        self.path.write_bytes(b"\xff\xff not a graph")
        with self.assertRaisesRegex(ValueError, "no frozen TensorFlow graph"):
            weight_files.read_arrays(self.path)
        archive = self.path.with_suffix(".tgz")
        archive.write_bytes(b"nothing")
        with self.assertRaisesRegex(ValueError, "no tar archive"):
            weight_files.read_arrays(archive)
        with self.assertRaisesRegex(ValueError, "no known kind"):
            weight_files.read_arrays(self.path.with_suffix(".txt"))


if __name__ == "__main__":
    tf.test.main()
