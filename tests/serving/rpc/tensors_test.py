"""What tensors of both gRPC protocols are read as."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized
from tensorflow.core.framework import tensor_pb2, types_pb2

from stylegan_tf.serving import errors, kserve_sdk
from stylegan_tf.serving.rpc import tensors

inference = kserve_sdk.grpc_predict_v2_pb2

_Z = np.float32([[1, -2.5, 3]])


def _proto(dtype=types_pb2.DT_FLOAT, shape=(1, 3), **values):
    proto = tensor_pb2.TensorProto(dtype=dtype, **values)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


def _input(datatype="FP32", shape=(1, 3), **contents):
    return inference.ModelInferRequest.InferInputTensor(
        name="z",
        datatype=datatype,
        shape=shape,
        contents=inference.InferTensorContents(**contents),
    )


class TensorProtoTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (_Z,),
        (np.int32([5]),),
        (np.float64([[0.1]]),),
        (np.int64([2**40]),),
        (np.array([b"a", b"\0\xff"], object),),
        (np.zeros([0, 3], np.float32),),
        (np.float32(7),),
    )
    def test_an_array_comes_back(self, array):
        back = tensors.of_proto("z", tensors.to_proto(array))
        self.assertAllEqual(back, array)
        self.assertEqual(back.dtype, array.dtype)
        self.assertEqual(back.shape, array.shape)

    @parameterized.parameters(
        (_Z,), (np.uint8([[1, 255]]),), (np.array([b"ab"], object),)
    )
    def test_it_is_the_proto_of_tensorflow(self, array):
        self.assertAllEqual(tf.make_ndarray(tensors.to_proto(array)), array)
        if array.dtype != np.uint8:
            proto = tf.make_tensor_proto(array)
            self.assertAllEqual(tensors.of_proto("z", proto), array)

    def test_loose_values_one_for_all_and_none_are_read_as_tensorflow_does(
        self,
    ):
        def read(**fields):
            return tensors.of_proto("z", _proto(**fields))

        self.assertAllEqual(read(float_val=[1, -2.5, 3]), _Z)
        self.assertAllEqual(read(float_val=[2]), [[2, 2, 2]])
        self.assertAllEqual(read(), [[0, 0, 0]])
        self.assertAllEqual(read(shape=()), 0)
        self.assertEqual(read(shape=(0, 3), float_val=[1]).shape, (0, 3))
        strings = read(dtype=types_pb2.DT_STRING, shape=[2], string_val=[b"a"])
        self.assertAllEqual(strings, [b"a", b"a"])

    def test_a_value_for_a_huge_shape_takes_no_memory(self):
        array = tensors.of_proto("z", _proto(shape=(2**20, 2**10)))
        self.assertEqual(array.shape, (2**20, 2**10))
        self.assertEqual(array.strides, (0, 0))

    @parameterized.parameters(
        (dict(dtype=types_pb2.DT_COMPLEX64), "must be one of DT_FLOAT"),
        (dict(dtype=0), "Received: 'DT_INVALID'"),
        (dict(dtype=77), "its dtype must be one of"),
        (dict(shape=(1, -3)), "no negative one. Received: [1, -3]"),
        (dict(shape=(2**40, 2**40)), "too large"),
        (dict(shape=(0, 2**62)), "too large"),
        (dict(shape=[1] * 40), "at most 8 axes"),
        (dict(float_val=[1, 2]), "has 3 values. Received: 2 values"),
        (dict(float_val=[1] * 4), "has 3 values. Received: 4 values"),
        (dict(tensor_content=b"12345"), "Received: 5 bytes"),
        (dict(tensor_content=b"1234"), "Received: 1 values"),
        (
            dict(dtype=types_pb2.DT_STRING, tensor_content=b"a"),
            "expected in string_val",
        ),
    )
    def test_what_does_not_belong_together_is_invalid(self, fields, words):
        with self.assertRaises(errors.Invalid) as caught:
            tensors.of_proto("z", _proto(**fields))
        self.assertIn(words, str(caught.exception))
        self.assertIn("`z`", str(caught.exception))

    def test_a_shape_of_unknown_rank_is_invalid(self):
        proto = _proto(shape=(), float_val=[1])
        proto.tensor_shape.unknown_rank = True
        with self.assertRaisesRegex(errors.Invalid, "has no shape"):
            tensors.of_proto("z", proto)


class OpenInferenceTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (_Z,),
        (np.int32([5]),),
        (np.uint8([[1, 255]]),),
        (np.array([b"a", b"", b"\0\xff"], object),),
    )
    def test_an_array_is_an_output_of_raw_bytes(self, array):
        tensor, raw = tensors.to_output("z", array)
        self.assertEqual(list(tensor.shape), list(array.shape))
        if array.dtype == np.uint8:
            self.assertEqual((tensor.datatype, raw), ("UINT8", b"\1\xff"))
            return
        given = _input(tensor.datatype, tensor.shape)
        self.assertAllEqual(tensors.of_input(given, raw), array)

    def test_typed_contents_are_read(self):
        read = tensors.of_input
        given = _input(fp32_contents=[1, -2.5, 3])
        self.assertAllEqual(read(given, None), _Z)
        given = _input("BYTES", [2], bytes_contents=[b"a", b"b"])
        self.assertAllEqual(read(given, None), [b"a", b"b"])

    @parameterized.parameters(
        (dict(datatype="FP16"), None, "must be one of FP32, FP64"),
        (dict(datatype=""), None, "Received: ''"),
        (dict(), None, "Received: 0 values in fp32_contents"),
        (dict(fp64_contents=[1, 2, 3]), None, "0 values in fp32_contents"),
        (dict(shape=(-1, 3)), None, "no negative one"),
        (dict(shape=(2**62, 4)), None, "too large"),
        (dict(), b"1234", "Received: 1 values"),
        (dict(), b"12345", "Received: 5 bytes"),
        (dict(datatype="BYTES"), b"\1\0\0", "end amid an element"),
        (dict(datatype="BYTES"), b"\xff\xff\xff\xffa", "end amid an element"),
        (dict(datatype="BYTES"), b"\0\0\0\0", "has 3 values. Received: 1"),
    )
    def test_what_does_not_belong_together_is_invalid(self, fields, raw, words):
        with self.assertRaises(errors.Invalid) as caught:
            tensors.of_input(_input(**fields), raw)
        self.assertIn(words, str(caught.exception))


if __name__ == "__main__":
    tf.test.main()
