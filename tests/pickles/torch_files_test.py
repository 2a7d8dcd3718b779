"""Files of torch.save in both formats."""

import zipfile
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import network_files
from stylegan_tf.pickles import torch_files
from tests.helpers import support
from tests.helpers.interop import assembling
from tests.helpers.interop.assembling import line, text

_FILES = sorted(path.name for path in support.GOLDEN.glob("k12*.pt"))
_TYPES = {
    "DoubleStorage": np.float64,
    "FloatStorage": np.float32,
    "HalfStorage": np.float16,
    "LongStorage": np.int64,
    "IntStorage": np.int32,
    "ShortStorage": np.int16,
    "CharStorage": np.int8,
    "ByteStorage": np.uint8,
    "BoolStorage": np.bool_,
}


def _tensor(kind, sizes, strides):
    numel = int(np.prod(sizes))
    return assembling.tensor(
        assembling.storage(kind, "0", numel), sizes, strides
    )


def _read_archive(value, content, **members):
    file = {"data.pkl": value + b".", "data/0": content, **members}
    return torch_files.read_torch(assembling.archive(file))


class TorchFilesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_FILES)
    @pytest.mark.slow
    def test_the_arrays_are_those_recorded(self, name):
        arrays, _ = support.golden("k12_rosinality_32")
        value = torch_files.read_torch(support.GOLDEN / name)
        for network in ("g", "d", "g_ema"):
            for key, array in value[network].items():
                self.assertAllEqual(array, arrays[f"{network}/{key}"])

    @parameterized.parameters(*_TYPES.items())
    def test_every_type_of_storage(self, kind, dtype):
        numbers = np.arange(6).astype(dtype)
        value = _tensor(kind, (2, 3), (1, 2))
        for found in (
            _read_archive(value, numbers.tobytes()),
            torch_files.read_torch(
                assembling.stream(
                    value,
                    b"]" + text("0") + b"a",
                    np.int64(6).tobytes() + numbers.tobytes(),
                )
            ),
        ):
            self.assertEqual(found.dtype, dtype)
            self.assertAllEqual(found, numbers.reshape(3, 2).T)

    def test_bfloat16_becomes_float32(self):
        numbers = np.array([1.5, -2.0, 0.0, 96.0], np.float32)
        halves = (numbers.view(np.uint32) >> 16).astype(np.uint16)
        value = _tensor("BFloat16Storage", (4,), (1,))
        self.assertAllEqual(_read_archive(value, halves.tobytes()), numbers)

    def test_big_endian_files(self):
        numbers = np.arange(6, dtype=">f4")
        value = _tensor("FloatStorage", (6,), (1,))
        found = _read_archive(value, numbers.tobytes(), byteorder=b"big")
        self.assertAllEqual(found, np.arange(6))

    def test_packed_members_are_unpacked(self):
        numbers = np.zeros(1000, np.float32)
        members = {
            "data.pkl": _tensor("FloatStorage", (1000,), (1,)) + b".",
            "data/0": numbers.tobytes(),
        }
        content = assembling.archive(members, compression=zipfile.ZIP_DEFLATED)
        self.assertLess(len(content), 1000)
        self.assertAllEqual(torch_files.read_torch(content), numbers)

    def test_an_archive_of_more_than_4_gib_is_read(self):
        value = _tensor("FloatStorage", (6,), (1,))
        with mock.patch.object(zipfile, "ZIP64_LIMIT", 1):
            content = assembling.archive(
                {"data.pkl": value + b".", "data/0": bytes(24)}
            )
        self.assertIn(b"PK\x06\x06", content)  # 64 bits for every place
        self.assertAllEqual(torch_files.read_torch(content), np.zeros(6))

    def test_a_damaged_member_is_noticed(self):
        value = _tensor("FloatStorage", (6,), (1,))
        content = assembling.archive(
            {"data.pkl": value + b".", "data/0": b"x" * 24}
        )
        with self.assertRaisesRegex(ValueError, "checksum"):
            torch_files.read_torch(content.replace(b"x" * 24, b"y" * 24))

    def test_arguments_and_optimizers_beside_the_networks_do_no_harm(self):
        path = support.GOLDEN / "k12_rosinality_32.pt"
        with zipfile.ZipFile(path) as file:
            members = {
                name.split("/", 1)[1]: file.read(name)
                for name in file.namelist()
            }
        value = members["data.pkl"].removesuffix(b".")
        value += text("args") + line("argparse", "Namespace")
        value += b")\x81}" + text("size") + b"K\x20sbs"
        value += text("g_optim") + b"}" + text("state") + b"}K\x00}sss"
        value += text("ada_aug_p") + b"G" + b"\x3f\xe0" + bytes(6) + b"s."
        content = assembling.archive({**members, "data.pkl": value})
        found = network_files.read_official(content)
        self.assertEqual(found.augment_p, 0.5)
        self.assertLen(found.arrays, 3)

    def test_a_file_of_another_format_is_a_clear_error(self):
        with self.assertRaisesRegex(ValueError, "no file of torch.save"):
            torch_files.read_torch(b"\x89HDF")


if __name__ == "__main__":
    tf.test.main()
