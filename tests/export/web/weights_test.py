"""Weights in half their size are rounded, and computed with as before."""

import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
from onnx import TensorProto, helper, numpy_helper

from stylegan_tf.export.web import weights


class HalveTest(tf.test.TestCase):
    def test_only_large_float32_weights_are_rounded(self):
        large = np.linspace(-1, 1, 300, dtype=np.float32)
        small = np.float32([1 / 3])
        given = {"large": large, "small": small, "shape": np.int64([-1])}
        nodes = [
            helper.make_node("Add", ["x", "large"], ["sum"]),
            helper.make_node("Mul", ["sum", "small"], ["product"]),
            helper.make_node("Reshape", ["product", "shape"], ["y"]),
        ]
        x, y = (
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [300])
            for name in "xy"
        )
        graph = helper.make_graph(
            nodes,
            "graph",
            [x],
            [y],
            [numpy_helper.from_array(v, name) for name, v in given.items()],
        )
        opset = [helper.make_opsetid("", 17)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=8)
        weights.halve(model)
        onnx.checker.check_model(model, full_check=True)
        types = {each.name: each.data_type for each in model.graph.initializer}
        expected = {
            "large_half": TensorProto.FLOAT16,
            "small": TensorProto.FLOAT,
            "shape": TensorProto.INT64,
        }
        self.assertEqual(types, expected)
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        (found,) = session.run(None, {"x": np.ones(300, np.float32)})
        rounded = large.astype(np.float16).astype(np.float32)
        self.assertAllEqual(found, (1 + rounded) * small)


if __name__ == "__main__":
    tf.test.main()
