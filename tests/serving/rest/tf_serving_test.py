"""TensorFlow Serving's rows and columns, there and back."""

import json

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving import errors, signatures
from stylegan_tf.serving.rest import tf_serving

_ONE = {"z": signatures.Tensor("float32", (None, 2))}
_TWO = {**_ONE, "label": signatures.Tensor("float32", (None, 3))}
_TEXT = {
    **_ONE,
    "noise": signatures.Tensor("string", (None,), np.array([b"const"])),
}


class InputsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(
        ("rows_of_the_only_input", _ONE, {"instances": [[1, 2], [3, 4]]}),
        ("rows", _ONE, {"instances": [{"z": [1, 2]}, {"z": [3, 4]}]}),
        ("columns_of_the_only_input", _ONE, {"inputs": [[1, 2], [3, 4]]}),
        ("columns", _ONE, {"inputs": {"z": [[1, 2], [3, 4]]}}),
        ("the_only_one_needed", _TEXT, {"inputs": [[1, 2], [3, 4]]}),
    )
    def test_all_forms_are_the_same(self, tensors, body):
        self.assertEqual(tf_serving.signature_name(body), "serving_default")
        self.assertEqual(
            tf_serving.inputs(body, tensors, 2), {"z": [[1, 2], [3, 4]]}
        )

    def test_text_is_itself_or_base64(self):
        row = {"z": [1, 2], "noise": {"b64": "bm9uZQ=="}}
        body = {"instances": [row, {**row, "noise": "none"}]}
        found = tf_serving.inputs(body, _TEXT, 2)
        self.assertEqual(found["noise"], [b"none", b"none"])

    @parameterized.parameters(
        ({}, "an empty object"),
        ({"instances": [], "inputs": []}, 'either "instances"'),
        ({"instances": [[1, 2]], "x": 1}, '"x"'),
        ({"inputs": [], "signature_name": 5}, "Received: a number"),
    )
    def test_another_form_is_refused(self, body, words):
        with self.assertRaisesRegex(errors.Invalid, words):
            tf_serving.signature_name(body)

    @parameterized.parameters(
        ({"instances": []}, _ONE, "an empty array"),
        ({"instances": 5}, _ONE, "a number"),
        ({"instances": [[1, 2]]}, _TWO, 'an object with "z", "label"'),
        ({"inputs": 5}, _TWO, 'an object with "z", "label"'),
        ({"instances": [{"z": 1}, {"y": 1}]}, _ONE, '"z", then "y"'),
        ({"inputs": {"noise": [{"b64": "?"}]}}, _TEXT, "base64"),
        ({"inputs": {"noise": [{"b64": 5}]}}, _TEXT, "base64"),
        ({"inputs": {"noise": [{"b65": "x"}]}}, _TEXT, "base64"),
        ({"instances": [[]] * 3}, _ONE, "may have 2 rows. Received: 3"),
    )
    def test_what_is_no_row_or_column_is_refused(self, body, tensors, words):
        with self.assertRaisesRegex(errors.Invalid, words):
            tf_serving.inputs(body, tensors, 2)

    def test_text_is_not_looked_for_in_what_is_no_row_of_text(self):
        deep = []
        for _ in range(900):  # as deep as JSON is read
            deep = [deep]
        for noise in (deep, ["none", deep], ["none"] * 3):
            body = {"inputs": {"z": [], "noise": noise}}
            found = tf_serving.inputs(body, _TEXT, 2)
            self.assertIs(found["noise"], noise)


class AnswerTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters((True, "predictions"), (False, "outputs"))
    def test_a_single_output_stands_without_its_name(self, by_row, key):
        images = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)[:, ::-1]
        answer = tf_serving.answer({"images": images}, by_row=by_row)
        self.assertEqual(json.loads(answer), {key: images.tolist()})

    def test_several_are_rows_or_columns(self):
        outputs = {"a": np.float32([1, 2]), "b": np.float32([[3], [4]])}
        self.assertEqual(
            json.loads(tf_serving.answer(outputs, by_row=True)),
            {"predictions": [{"a": 1, "b": [3]}, {"a": 2, "b": [4]}]},
        )
        self.assertEqual(
            json.loads(tf_serving.answer(outputs, by_row=False)),
            {"outputs": {"a": [1, 2], "b": [[3], [4]]}},
        )
        outputs["b"] = outputs["b"][:1]
        with self.assertRaisesRegex(errors.Invalid, "send columns"):
            tf_serving.answer(outputs, by_row=True)

    def test_bytes_are_base64_by_the_name_of_the_output(self):
        array = np.array([b"\xff\x00"], object)
        self.assertEqual(
            json.loads(tf_serving.answer({"image_bytes": array}, by_row=True)),
            {"predictions": [{"b64": "/wA="}]},
        )
        self.assertEqual(
            json.loads(tf_serving.answer({"a": array[:0]}, by_row=False)),
            {"outputs": []},
        )

    def test_states_begin_with_the_newest_version(self):
        states = tf_serving.status({1: "UNLOADING", 10: "AVAILABLE"}, {})
        self.assertEqual([each["version"] for each in states], ["10", "1"])
        self.assertEqual(
            states[0]["status"], {"error_code": "OK", "error_message": ""}
        )


if __name__ == "__main__":
    tf.test.main()
