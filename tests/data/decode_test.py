"""Every kind of input is decoded right, or refused with its reason."""

import io
import re

import numpy as np
import tensorflow as tf
from PIL import Image, PngImagePlugin

from stylegan_tf.data import decode
from tests.helpers import data_sets


class DecodeTest(tf.test.TestCase):
    def assert_bad(self, data, reason):
        with self.assertRaisesRegex(decode.BadImage, reason):
            decode.still(data)

    def test_png_of_every_channel_count_keeps_its_pixels(self):
        for channels in (1, 2, 3, 4):
            image = data_sets.pixels(3, channels=channels)
            data = data_sets.encode(image)
            self.assertAllEqual(decode.pixels(data), image)
            self.assertEqual(decode.still(data)[1], [])

    def test_pixels_are_taken_as_they_are(self):
        image = data_sets.pixels(1, channels=1)
        self.assertAllEqual(decode.pixels(image), image)

    def test_empty_text_and_truncated_files_are_bad(self):
        noise = np.random.RandomState(0).randint(0, 256, [64, 64, 3])
        for format in ("PNG", "JPEG"):
            data = data_sets.encode(noise.astype(np.uint8), format)
            self.assert_bad(data[: len(data) // 2], f"truncated.*{format}")
        self.assert_bad(b"", "empty file")
        self.assert_bad(b"no image at all", "not an image")

    def test_only_listed_formats_are_decoded(self):
        """Pillow would start Ghostscript for an EPS, whatever its name."""
        image = Image.fromarray(data_sets.pixels(0))
        for format in ("EPS", "ICO", "PCX", "AVIF", "SGI", "DDS"):
            data = data_sets.encode(image, format)
            head = re.escape(repr(data[:16]))
            self.assert_bad(data, f"^not an image: it starts with {head}$")
        for format in decode.FORMATS:
            data = data_sets.encode(image, format)
            self.assertEqual(decode.pixels(data).shape, (8, 8, 3))
            known = decode.is_image(data[: decode.HEAD_BYTES])
            self.assertEqual(known, format != "TGA", format)

    def test_damage_in_the_first_bytes_is_told_from_other_files(self):
        whole = data_sets.encode(data_sets.pixels(0), "BMP")
        self.assert_bad(whole[:20], r"damaged in its first bytes \(Trunc")
        text = PngImagePlugin.PngInfo()
        text.add_text("a", "x" * (2 << 20), zip=True)
        data = data_sets.encode(data_sets.pixels(0), pnginfo=text)
        self.assert_bad(data, r"damaged in its first bytes \(Decompressed")

    def test_damaged_exif_does_not_spoil_an_image(self):
        image = data_sets.pixels(0)
        data = data_sets.encode(image, "JPEG", exif=b"Exif\0\0garbage")
        self.assertEqual(decode.pixels(data).shape, image.shape)

    def test_damaged_png_is_bad(self):
        data = bytearray(data_sets.encode(data_sets.pixels(0, 64, 64)))
        data[60:80] = bytes(20)
        self.assert_bad(bytes(data), "damaged PNG")

    def test_animations_are_bad_but_phone_pictures_are_not(self):
        frames = [Image.fromarray(data_sets.pixels(i)) for i in range(3)]
        for format in ("GIF", "PNG", "WEBP", "TIFF"):
            data = data_sets.encode(
                frames[0], format, save_all=True, append_images=frames[1:]
            )
            self.assert_bad(data, "3 frames")
        preview = data_sets.encode(
            frames[0], "MPO", save_all=True, append_images=frames[1:2]
        )
        self.assertEqual(decode.pixels(preview).shape, (8, 8, 3))

    def test_16_bits_are_scaled_to_8(self):
        values = np.array([[0, 128, 257, 65535], [385, 386, 32896, 65406]])
        data = data_sets.encode(Image.fromarray(values.astype(np.uint16)))
        image, notes, _ = decode.still(data)
        self.assertAllEqual(image, [[0, 0, 1, 255], [1, 2, 128, 254]])
        self.assertEqual(notes, ["16-bit to 8-bit"])

    def test_unknown_ranges_are_bad(self):
        floats = Image.fromarray(np.ones([4, 4], np.float32))
        self.assert_bad(data_sets.encode(floats, "TIFF"), "range is not known")

    def test_cmyk_is_converted_to_rgb(self):
        red = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
        image, notes, _ = decode.still(
            data_sets.encode(red, "JPEG", quality=100)
        )
        self.assertEqual(notes, ["CMYK to RGB"])
        self.assertAllClose(np.asarray(image)[4, 4], [255, 0, 0], atol=4)

    def test_cmyk_with_a_damaged_profile_is_still_converted(self):
        red = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
        data = data_sets.encode(red, "JPEG", quality=100, icc_profile=b"broken")
        self.assertAllClose(decode.pixels(data)[4, 4], [255, 0, 0], atol=4)

    def test_palettes_become_colours(self):
        rgb = Image.fromarray(data_sets.pixels(2))
        paletted = rgb.convert("P", palette=Image.Palette.ADAPTIVE)
        image, notes, _ = decode.still(data_sets.encode(paletted))
        self.assertAllClose(np.asarray(image), np.asarray(rgb), atol=8)
        self.assertEqual(notes, ["palette to RGB"])
        image = decode.still(data_sets.encode(paletted, transparency=0)).image
        self.assertEqual(image.mode, "RGBA")

    def test_exif_orientation_is_applied(self):
        image = Image.fromarray(data_sets.pixels(0, 8, 16))
        exif = Image.Exif()
        exif[0x0112] = 6
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", exif=exif, quality=100)
        turned, notes, _ = decode.still(buffer.getvalue())
        self.assertEqual(turned.size, (8, 16))
        self.assertEqual(notes, ["turned upright (EXIF)"])
        expected = np.rot90(np.asarray(image), -1)
        self.assertAllClose(np.asarray(turned), expected, atol=80)
