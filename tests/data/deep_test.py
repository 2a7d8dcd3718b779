"""Images of more than 8 bits: their range is found, and may be stretched."""

import io
import pathlib
import struct
import zlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf.data import convert, decode, prepare, sources
from tests.helpers import data_sets

_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # of PNG, by channels


def deep_png(values):
    """16-bit PNG of values `[H, W, C]`, which Pillow can not write."""
    height, width, channels = values.shape
    rows = [b"\0" + row.astype(">u2").tobytes() for row in values]
    kind = _COLOUR_TYPES[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def tiff(values, **options):
    """TIFF of one channel, `[H, W]`."""
    return data_sets.encode(Image.fromarray(values), "TIFF", **options)


class DeepTest(parameterized.TestCase, tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)
        random = np.random.RandomState(0)
        self.twelve = random.randint(0, 4096, (8, 8, 4))
        self.twelve[0, 0] = 4095

    @parameterized.parameters(1, 2, 3, 4)
    def test_all_16_bits_of_all_channels_count(self, channels):
        values = np.random.RandomState(1).randint(0, 65536, (4, 8, channels))
        found = decode.still(deep_png(values))
        expected = np.rint(values / 257).squeeze()
        self.assertAllEqual(found.image, expected)
        self.assertEqual(found.notes, ["16-bit to 8-bit"])
        colours = values[..., :-1] if channels in (2, 4) else values
        self.assertEqual(found.values, (colours.min(), colours.max()))

    @parameterized.parameters(1, 2, 3, 4)
    def test_the_white_level_stretches(self, channels):
        values = self.twelve[..., :channels]
        found = decode.still(deep_png(values), white_level=4095)
        expected = np.rint(values * (255 / 4095)).squeeze()
        self.assertAllEqual(found.image, expected)
        cut = decode.still(deep_png(values), white_level=1000).image
        self.assertEqual(np.asarray(cut)[0, 0].max(), 255)

    def test_formats_other_than_png(self):
        values = self.twelve[..., 0].astype(np.uint16)
        pnm = b"P5 8 8 65535\n" + values.astype(">u2").tobytes()
        for data in (tiff(values), tiff(values, compression="tiff_lzw"), pnm):
            found = decode.still(data, white_level=4095)
            self.assertAllEqual(found.image, np.rint(values * (255 / 4095)))
            self.assertEqual(found.values, (values.min(), 4095))

    def test_colours_of_16_bit_tiffs(self):
        values = self.twelve[..., :3].astype("<u2")
        tags = [  # (number, 3 = short or 4 = long, count, value)
            (256, 3, 1, 8),  # width
            (257, 3, 1, 8),  # height
            (258, 3, 3, 122),  # where the bits of the channels are
            (259, 3, 1, 1),  # not compressed
            (262, 3, 1, 2),  # RGB
            (273, 4, 1, 128),  # where the pixels are
            (277, 3, 1, 3),  # channels
            (278, 3, 1, 8),  # rows of the only strip
            (279, 4, 1, values.nbytes),
        ]
        data = b"II*\0" + struct.pack("<IH", 8, len(tags))
        for number, kind, count, value in tags:
            data += struct.pack("<HHII", number, kind, count, value)
        data += struct.pack("<I3H", 0, 16, 16, 16)
        data = data.ljust(128, b"\0")[:128]
        data = data[:122] + struct.pack("<3H", 16, 16, 16) + values.tobytes()
        found = decode.still(data, white_level=4095)
        self.assertAllEqual(found.image, np.rint(values * (255 / 4095)))

    def test_32_bits_need_a_white_level(self):
        values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
        with self.assertRaisesRegex(
            decode.BadImage, "from 0 to 1 whose range.*--white_level says"
        ):
            decode.still(tiff(values))
        found = decode.still(tiff(values), white_level=1)
        self.assertAllEqual(found.image, np.rint(values * 255))
        self.assertEqual(found.notes, ["32-bit to 8-bit"])
        values[0, 0] = np.nan
        with self.assertRaisesRegex(decode.BadImage, "no finite numbers"):
            decode.still(tiff(values), white_level=1)

    def test_they_are_turned_upright_too(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        values = self.twelve[:, :4, 0].astype(np.uint16)
        buffer = io.BytesIO()
        Image.fromarray(values).save(buffer, "PNG", exif=exif)
        found = decode.still(buffer.getvalue(), white_level=4095)
        expected = np.rint(np.rot90(values, -1) * (255 / 4095))
        self.assertAllEqual(found.image, expected)

    def test_the_report_tells_the_range_and_the_switch(self):
        values = self.twelve[..., :1]
        data_sets.folder(
            self.root / "in",
            {"a.png": deep_png(values), "b.png": deep_png(values // 2)},
        )
        source = sources.open_source(self.root / "in")
        target = prepare.choose_target(source, channels=1)
        report = prepare.prepare(source, self.root / "dark", target=target)
        text = "\n".join(report.lines())
        self.assertIn(
            f"values:     {values.min() // 2} to 4095 in images of more than "
            "8 bits; white is 65535\n            12 of 16 bits are used. If "
            "that is too dark: --white_level=4095",
            text,
        )
        target = prepare.choose_target(source, channels=1, white_level=2047)
        report = prepare.prepare(source, self.root / "light", target=target)
        text = "\n".join(report.lines())
        self.assertIn("white is 2047 (--white_level)", text)
        self.assertIn("all above it became white too", text)
        image = sources.open_source(self.root / "light").image(1)
        self.assertAllEqual(image, np.rint((values // 2) * (255 / 2047)))

    def test_full_16_bits_and_8_bits_have_no_advice(self):
        for values in (self.twelve[..., :1] * 16, self.twelve[..., :1] * 0):
            data_sets.folder(self.root / "in", {"a.png": deep_png(values)})
            report, _ = data_sets.prepared(
                self.root / "in", self.root / "out", dry_run=True
            )
            self.assertNotIn("too dark", "\n".join(report.lines(True)))
        data_sets.folder(self.root / "8", data_sets.files(1))
        report, _ = data_sets.prepared(self.root / "8", "out", dry_run=True)
        self.assertNotIn("values:", "\n".join(report.lines(True)))

    @parameterized.parameters(-1.0, float("nan"), float("inf"))
    @pytest.mark.slow
    def test_white_levels_are_numbers(self, level):
        source = sources.open_source("bundled")
        with self.assertRaisesRegex(ValueError, "--white_level must be a num"):
            prepare.choose_target(source, white_level=level)

    def test_an_image_of_8_bits_is_not_touched(self):
        data = data_sets.encode(data_sets.pixels(0))
        target = convert.Target(height=8, width=8, white_level=4095)
        self.assertIs(convert.convert(data, target).data, data)


if __name__ == "__main__":
    tf.test.main()
