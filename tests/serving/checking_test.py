"""What a client may send: each mistake is one sentence, before TensorFlow."""

import tracemalloc

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving import checking, errors, signatures

_CARD = {"num_ws": 6, "can_truncate": True}
_PROGAN = {"num_ws": 1, "can_truncate": False}


def _tensor(*sizes, dtype="float32", default=None):
    if default is not None:
        default = np.asarray(default, object if dtype == "string" else dtype)
    return signatures.Tensor(dtype, (None, *sizes), default)


_GENERATE = signatures.Signature(
    {
        "z": _tensor(2),
        "label": _tensor(3),
        "truncation_cutoff": _tensor(dtype="int32", default=[-1]),
        "truncation_psi": _tensor(default=[1.0]),
    },
    {},
)
_SYNTHESIZE = signatures.Signature(
    {
        "ws": _tensor(6, 2),
        "noise": _tensor(dtype="string", default=[b"const"]),
        "noise_0": _tensor(4, 4, 1, default=np.zeros((0, 4, 4, 1))),
    },
    {},
)
_MIX = signatures.Signature(
    {
        "z": _tensor(2),
        "z_mix": _tensor(2),
        "first_layer": _tensor(dtype="int32", default=[0]),
        "last_layer": _tensor(dtype="int32", default=[6]),
    },
    {},
)
_Z, _LABEL = [[1, 2.5]], [[0, 1, 0]]


def _check(signature, card=_CARD, **given):
    return checking.arrays(signature, given, card=card, max_rows=4)


def _deep(depth):
    value = 0.0
    for _ in range(depth):
        value = [value]
    return value


class ArraysTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(((2**28, 2),), ((2, 2**28),), ((2**10,) * 3,))
    def test_a_value_that_stands_for_billions_is_refused_unread(self, shape):
        for value in (0, np.array(b"a", object)):
            view = np.broadcast_to(value, shape)
            tracemalloc.start()
            with self.assertRaises(errors.Invalid):
                _check(_GENERATE, z=view, label=_LABEL)
            with self.assertRaises(errors.Invalid):
                _check(_SYNTHESIZE, ws=np.zeros((1, 6, 2)), noise=view)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            self.assertLess(peak, 2**20)

    def test_lists_become_arrays_and_defaults_fill_up(self):
        found = _check(_GENERATE, z=_Z, label=_LABEL)
        self.assertEqual([*found], [*_GENERATE.inputs])
        for name, array in found.items():
            self.assertEqual(array.dtype, _GENERATE.inputs[name].dtype)
        self.assertAllEqual(found["z"], np.float32([[1, 2.5]]))
        self.assertAllEqual(found["truncation_cutoff"], [-1])
        self.assertEqual(checking.rows(found), 1)

    def test_what_was_checked_is_right(self):
        found = _check(_SYNTHESIZE, ws=np.zeros((2, 6, 2)))
        again = _check(_SYNTHESIZE, **found)
        for name, array in found.items():
            self.assertAllEqual(array, again[name])

    @parameterized.parameters(
        "float16", "float32", "float64", "int8", "int64", "uint8", "uint64"
    )
    def test_any_numbers_become_floats(self, dtype):
        found = _check(
            _GENERATE, z=np.ones((3, 2), dtype), label=[[1, 0, 0]] * 3
        )
        self.assertEqual(found["z"].dtype, np.float32)
        self.assertAllEqual(found["z"], np.ones((3, 2)))

    @parameterized.parameters("int8", "int64", "uint16", "uint64")
    def test_any_whole_numbers_become_integers(self, dtype):
        cutoff = np.array([4], dtype)
        found = _check(_GENERATE, z=_Z, label=_LABEL, truncation_cutoff=cutoff)
        self.assertEqual(found["truncation_cutoff"].dtype, np.int32)
        self.assertAllEqual(found["truncation_cutoff"], [4])

    @parameterized.parameters(
        [["none"]], [[b"none"]], [np.array(["none"])], [np.array([b"none"])]
    )
    def test_text_becomes_bytes(self, noise):
        found = _check(_SYNTHESIZE, ws=np.zeros((1, 6, 2)), noise=noise)
        self.assertEqual(found["noise"].tolist(), [b"none"])

    def test_what_has_a_default_may_have_one_row_for_all(self):
        found = _check(
            _GENERATE,
            z=np.zeros((3, 2)),
            label=np.eye(3),
            truncation_psi=[0.5],
            truncation_cutoff=[1, 2, -1],
        )
        self.assertAllEqual(found["truncation_psi"], [0.5])
        self.assertAllEqual(found["truncation_cutoff"], [1, 2, -1])
        for rows in (0, 1, 3):  # none: the stored noise
            noise = np.ones((rows, 4, 4, 1))
            found = _check(_SYNTHESIZE, ws=np.zeros((3, 6, 2)), noise_0=noise)
            self.assertLen(found["noise_0"], rows)
            self.assertEqual(checking.rows(found), 3)

    @parameterized.parameters(
        (
            {"zz": _Z, "z": None},
            "no input `zz`. Did you mean `z`.* Inputs: z, label",
        ),
        ({"z": _Z, "": 1}, "no input ``. Inputs"),
        ({"z": _Z, "y" * 10**7: 1}, "no input `y{60}`. Inputs"),
        ({"z": None}, "`z` is missing. Needed: z, label. Rec.*: label"),
        ({"z": None, "label": None}, "`z` is missing.*Received: none"),
        ({"z": [1, 2]}, r"\[rows, 2\]. Received: \[2\]. A request of one row"),
        ({"z": [[1, 2, 3]]}, r"`z` .* \[rows, 2\]. Received: \[1, 3\]"),
        ({"z": 1}, r"Received: \[\]"),
        ({"z": []}, r"Received: \[0\]"),
        ({"z": _deep(50)}, r"Received: \[1, 1"),
        ({"z": _deep(200)}, "`z` must be"),
        ({"z": [[1, 2], [3]]}, "different lengths"),
        ({"z": [["a", "b"]]}, "array of float32. Received: strings"),
        ({"z": [[1, "b"]]}, "Received: strings"),
        ({"z": b"\0" * 8}, "Received: strings"),
        ({"z": [[True, False]]}, "Received: booleans"),
        ({"z": [[None, 1]]}, "Received: what are no numbers"),
        ({"z": {"b64": "AA=="}}, "Received: what are no numbers"),
        ({"z": [[10**400, 1]]}, "`z` must be an array of float32"),
        ({"z": np.ones((1, 2), complex)}, "Received: complex128"),
        ({"z": [[np.nan, 1]]}, "no NaN"),
        ({"z": [[np.inf, 1]]}, "nothing infinite"),
        ({"z": [[1e300, 1]]}, "from -1e"),
        ({"z": [[1e7, 1]]}, r"from -1e\+06 to 1e\+06"),
        ({"z": np.zeros((0, 2))}, "`z` has no rows"),
        ({"z": np.zeros((5, 2))}, "may have 4 rows. Received: 5"),
        ({"z": np.zeros((2, 2))}, "`label` must have as many rows as `z`, 2."),
        ({"label": [2]}, r"\[rows, 3\]. Received: \[1\]. A label is one-hot"),
        ({"truncation_psi": 0.7}, r"\[rows\]. Received: \[\]. A request of"),
        ({"truncation_psi": [1, 1]}, "as `z`, 1, or 1. Received: 2"),
        ({"truncation_psi": []}, "Received: 0"),
        ({"truncation_cutoff": [2.0]}, "of int32. Received: float64"),
        ({"truncation_cutoff": [7]}, "from -1 to 6. Received: 7"),
        ({"truncation_cutoff": [-2]}, "from -1 to 6. Received: -2"),
        ({"truncation_cutoff": [2**40]}, r"from -2.1\d+e\+09 to"),
        ({"truncation_cutoff": [2**70]}, "of int32. Received: what are no"),
    )
    def test_a_mistake_is_one_sentence(self, given, message):
        given = {"z": _Z, "label": _LABEL, **given}
        given = {k: v for k, v in given.items() if v is not None}
        with self.assertRaisesRegex(errors.Invalid, message) as caught:
            _check(_GENERATE, **given)
        self.assertNotIn("\n", str(caught.exception))

    @parameterized.parameters(
        ([3], "array of strings. Received: int"),
        (["const", ["none"]], "array of strings. Received: list"),
        ([["none"], "const"], r"shape \[rows\]. Received: \[2, 1\]"),
        (["x" * 10**6] + ["none"] * 9, "may have 4 rows. Received: 10"),
        ("none", r"Received: \[\]"),
        (["loud"], '"const" or "none". Received: "loud"'),
        ([b"\xff\xfe"], '"const" or "none"'),
        (["\udcff"], '"const" or "none"'),
        (["none"] * 2, "`noise` must have as many rows as `ws`, 3, or 1"),
    )
    def test_noise_is_const_or_none(self, noise, message):
        with self.assertRaisesRegex(errors.Invalid, message):
            _check(_SYNTHESIZE, ws=np.zeros((3, 6, 2)), noise=noise)

    def test_layers_are_those_of_the_network(self):
        z = np.zeros((2, 2))
        found = _check(_MIX, z=z, z_mix=z, first_layer=[2, 3])
        self.assertAllEqual(found["first_layer"], [2, 3])
        with self.assertRaisesRegex(errors.Invalid, "last_layer. must be from"):
            _check(_MIX, z=z, z_mix=z, last_layer=[7])
        with self.assertRaisesRegex(errors.Invalid, "must not be above"):
            _check(_MIX, z=z, z_mix=z, first_layer=[2, 4], last_layer=[3])

    def test_a_network_without_a_mean_is_not_truncated(self):
        given = {"z": _Z, "label": _LABEL}
        _check(_GENERATE, _PROGAN, **given, truncation_psi=[1])
        with self.assertRaisesRegex(errors.Invalid, "no mean.*Received: 0.7"):
            _check(_GENERATE, _PROGAN, **given, truncation_psi=[0.7])


if __name__ == "__main__":
    tf.test.main()
