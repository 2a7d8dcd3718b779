"""Constants of a frozen graph, alone or in a tar archive."""

import pathlib
import tarfile

import numpy as np
import tensorflow as tf

from stylegan_tf.features import files


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


class FrozenGraphTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.create_tempdir().full_path) / "g.pb"

    def test_float_constants_are_read_by_name(self):
        self.path.write_bytes(_graph(scales=True))
        arrays = files.read_arrays(self.path)
        self.assertSameElements(
            arrays, ["conv/conv2d_params", "mean", "variance", "beta", "gamma"]
        )
        self.assertAllEqual(arrays["beta"], [3, 3, 3, 3])

    def test_a_scale_that_the_graph_does_not_use_is_left_out(self):
        self.path.write_bytes(_graph(scales=False))
        self.assertNotIn("gamma", files.read_arrays(self.path))

    def test_an_archive_is_looked_into(self):
        self.path.write_bytes(_graph(scales=True))
        archive = self.path.with_name("inception-2015-12-05.tgz")
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(__file__, "README")
            tar.add(self.path, "classify_image_graph_def.pb")
        self.assertIn("beta", files.read_arrays(archive))

    def test_what_is_no_graph_is_refused(self):
        self.path.write_bytes(b"\xff\xff not a graph")
        with self.assertRaisesRegex(ValueError, "no frozen TensorFlow graph"):
            files.read_arrays(self.path)
        archive = self.path.with_suffix(".tgz")
        archive.write_bytes(b"nothing")
        with self.assertRaisesRegex(ValueError, "no tar archive"):
            files.read_arrays(archive)
        with self.assertRaisesRegex(ValueError, "no known kind"):
            files.read_arrays(self.path.with_suffix(".txt"))


if __name__ == "__main__":
    tf.test.main()
