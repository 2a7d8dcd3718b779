"""Archives: damage, double names and links are told, and nothing is lost."""

import gzip
import io
import lzma
import pathlib
import stat
import tarfile
import warnings
import zipfile
from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import image_files, sources
from tests.helpers import data_sets

_TWICE = "its name is given again further on, and that one is read instead"


def noise(seed):
    """PNG bytes that a compressor can not make smaller."""
    random = np.random.RandomState(seed)
    return data_sets.encode(
        random.randint(0, 256, [16, 16, 3]).astype(np.uint8)
    )


def link(name, target, type=tarfile.SYMTYPE):
    """A member of a tar without bytes."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = type, target
    return member


def tar(members):
    """Bytes of an uncompressed tar of `(name, bytes)` and `TarInfo`s."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            name, data = member
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


class ArchivesTest(parameterized.TestCase, tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    def prepared(self, name, data):
        """The report of an archive of these bytes."""
        (self.root / name).write_bytes(data)
        report, _ = data_sets.prepared(
            self.root / name, self.root / f"{name}-out"
        )
        return report

    def reasons(self, pairs):
        """`{name in the archive: reason}`"""
        return {
            file.split(".zip/")[-1].split(".gz/")[-1]: why
            for file, why in pairs
        }


class TarTest(ArchivesTest):
    def setUp(self):
        super().setUp()
        self.whole = tar((f"{i:02d}.png", noise(i)) for i in range(30))
        with tarfile.open(fileobj=io.BytesIO(self.whole)) as archive:
            self.offset = archive.getmembers()[15].offset

    def assert_damaged(self, report, kept, message):
        self.assertLen(report.kept, kept)
        ((file, reason),) = report.source.unread
        self.assertIn(message, reason)
        self.assertIn("Copy or download it again", reason)
        self.assertIn(
            f"unread:     1\n  {file}: dam", "\n".join(report.lines())
        )

    def test_a_damaged_member_does_not_end_the_archive_in_silence(self):
        data = bytearray(self.whole)
        data[self.offset + 10] ^= 255  # of the name, which has a checksum
        self.assert_damaged(
            self.prepared("damaged.tar.gz", gzip.compress(bytes(data))),
            15,
            "damaged: 15 members could be read, the rest could not (what fol",
        )

    def test_damage_in_a_compressed_stream_is_told(self):
        data = bytearray(gzip.compress(self.whole))
        middle = len(data) // 2
        data[middle : middle + 60] = bytes(60)
        report = self.prepared("zeros.tar.gz", bytes(data))
        self.assertLen(report.source.unread, 1)
        self.assertEqual(len(report.kept) + len(report.skipped), 15)

    @parameterized.parameters(
        ("cut.tar.gz", gzip.compress), ("cut.tar.xz", lzma.compress)
    )
    def test_a_compressed_archive_cut_short_is_told(self, name, compress):
        data = compress(self.whole)
        report = self.prepared(name, data[: len(data) // 2])
        self.assertLen(report.source.unread, 1)
        self.assertLess(len(report.kept), 30)
        self.assertIn("the rest could not (Compr", report.source.unread[0][1])

    def test_a_flipped_byte_in_an_xz_is_told(self):
        data = bytearray(lzma.compress(self.whole))
        data[len(data) // 2] ^= 255
        report = self.prepared("flipped.tar.xz", bytes(data))
        ((_, reason),) = report.source.unread
        self.assertIn("members could be read, the rest could not (Corr", reason)

    def test_an_archive_cut_between_members_is_told(self):
        report = self.prepared("cut.tar", self.whole[: self.offset])
        self.assert_damaged(report, 15, "(the mark of its end is missing)")
        report = self.prepared("cut2.tar", self.whole[: self.offset + 700])
        self.assert_damaged(report, 15, "(unexpected end of data)")

    def test_a_wrong_checksum_is_told(self):
        data = bytearray(gzip.compress(self.whole))
        data[-6] ^= 255
        self.assert_damaged(
            self.prepared("sum.tar.gz", bytes(data)),
            30,
            "30 members could be read, but some may be wrong (CRC check fai",
        )

    def test_a_second_archive_behind_the_first_is_told(self):
        report = self.prepared("two.tar", self.whole + self.whole)
        self.assert_damaged(report, 30, "something follows after its end")

    def test_of_one_name_the_last_is_read(self):
        members = [(f"{i % 2}.png", noise(i)) for i in range(3)]
        report = self.prepared("twice.tar.gz", gzip.compress(tar(members)))
        self.assertEqual(self.reasons(report.source.unread), {"0.png": _TWICE})
        self.assertEqual(report.source.names, ["1.png", "0.png"])
        self.assertEqual(report.source.read(1), noise(2))

    def test_links_are_other_names_of_images(self):
        hard = tarfile.LNKTYPE
        members = [
            ("./a.png", noise(0)),
            ("sub/b.png", noise(1)),
            link("hard.png", "./a.png", hard),
            link("soft.png", "sub/b.png"),
            link("sub/up.png", "../soft.png"),
            link("gone.png", "nowhere.png", hard),
            link("ring.png", "ring.png"),
            link("out.png", "/etc/passwd"),
            link("pipe.png", "", tarfile.FIFOTYPE),
        ]
        report = self.prepared("links.tar.gz", gzip.compress(tar(members)))
        read = {
            n: report.source.read(i) for i, n in enumerate(report.source.names)
        }
        self.assertEqual(
            read,
            {
                "a.png": noise(0),
                "hard.png": noise(0),
                "sub/b.png": noise(1),
                "soft.png": noise(1),
                "sub/up.png": noise(1),
            },
        )
        self.assertEqual(
            self.reasons(report.source.unread),
            {
                "gone.png": "a link to nowhere.png, which is no file of this "
                "archive",
                "ring.png": "a link to ring.png, which is no file of this "
                "archive",
                "out.png": "a link to /etc/passwd, which is no file of this "
                "archive",
                "pipe.png": "a device or pipe, not a regular file",
            },
        )

    def test_what_is_no_archive_is_refused(self):
        (self.root / "a.tar.gz").write_bytes(b"")
        with self.assertRaisesRegex(ValueError, "is not a tar archive, or"):
            sources.open_source(self.root / "a.tar.gz")
        (self.root / "b.tar").write_bytes(tar([]))
        with self.assertRaisesRegex(ValueError, "No images found"):
            sources.open_source(self.root / "b.tar")


class ZipTest(ArchivesTest):
    def zipped(self, contents, compression=zipfile.ZIP_STORED):
        path = data_sets.zipped(self.root / "made", contents, compression)
        return bytearray(path.read_bytes())

    @parameterized.parameters(
        (zipfile.ZIP_LZMA, "Corrupt input data"),
        (zipfile.ZIP_BZIP2, "Invalid data stream"),
        (zipfile.ZIP_DEFLATED, "unreadable in the zip"),
    )
    def test_a_damaged_member_is_skipped(self, compression, reason):
        data = self.zipped(
            {f"{i}.png": noise(i) for i in range(3)}, compression
        )
        data[100:140] = b"\xff" * 40
        report = self.prepared("damaged.zip", data)
        self.assertLen(report.kept, 2)
        found = self.reasons(report.skipped)["0.png"]
        self.assertStartsWith(found, "unreadable in the zip (")
        self.assertIn(reason, found)

    def test_encryption_and_unknown_methods_are_named(self):
        for name, offset, value, reason in (
            (
                "secret.zip",
                8,
                b"\1\0",
                "encrypted in the zip: unpack it first",
            ),
            ("method.zip", 10, b"\x09\0", "unreadable in the zip (That comp"),
        ):
            data = self.zipped({"a.png": noise(0), "b.png": noise(1)})
            start = data.index(b"PK\1\2") + offset
            data[start : start + 2] = value
            report = self.prepared(name, data)
            self.assertStartsWith(self.reasons(report.skipped)["a.png"], reason)

    def test_a_zip_of_an_unknown_kind_is_refused_in_one_line(self):
        version = self.zipped({"a.png": noise(0)})
        start = version.index(b"PK\1\2") + 6
        version[start : start + 2] = b"\x90\0"
        text = self.zipped({"\u00e9.png": noise(0)})
        text = text.replace("\u00e9".encode(), b"\xff\xfe")
        whole = self.zipped({"a.png": noise(0)})
        for data, reason in (
            (version, "zip file version 14.4"),
            (text, "codec can't decode"),
            (whole[:300], "File is not a zip file"),
        ):
            (self.root / "bad.zip").write_bytes(data)
            with self.assertRaisesRegex(ValueError, f"bad.zip is.*{reason}"):
                sources.open_source(self.root / "bad.zip")

    def test_of_one_name_the_last_is_read(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with zipfile.ZipFile(self.root / "twice.zip", "w") as file:
                for i in range(3):
                    file.writestr("./a.png" if i else "a.png", noise(i))
        source = sources.open_source(self.root / "twice.zip")
        self.assertEqual(source.names, ["a.png"])
        self.assertEqual(source.read(0), noise(2))
        self.assertEqual([why for _, why in source.unread], [_TWICE] * 2)

    def test_links_are_told(self):
        with zipfile.ZipFile(self.root / "link.zip", "w") as file:
            file.writestr("a.png", noise(0))
            member = zipfile.ZipInfo("b.png")
            member.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(member, "a.png")
        source = sources.open_source(self.root / "link.zip")
        self.assertEqual(source.names, ["a.png"])
        self.assertIn("b.png", source.unread[0][0])
        self.assertIn("not followed", source.unread[0][1])

    def test_a_bomb_is_not_unpacked(self):
        zeros = bytes(1 << 20)
        contents = {"a.png": zeros, "b.png": noise(0) + zeros}
        contents["c.png"] = noise(1)
        path = self.root / "bomb.zip"
        data_sets.zipped(path, contents, zipfile.ZIP_DEFLATED)
        read = zipfile.ZipExtFile.read
        sizes = []

        def counting(file, size=-1):
            sizes.append(len(data := read(file, size)))
            return data

        with (
            mock.patch.object(image_files, "LARGEST_BYTES", 1 << 16),
            mock.patch.object(zipfile.ZipExtFile, "read", counting),
        ):
            report, _ = data_sets.prepared(path, self.root / "out")
        self.assertLess(sum(sizes), 4 * len(noise(1)))
        self.assertEqual(
            self.reasons(report.skipped),
            {
                "a.png": f"not an image: it starts with {bytes(16)!r}",
                "b.png": f"{len(contents['b.png']):,} bytes: larger than any "
                "image that can be used",
            },
        )

    def test_a_damaged_description_names_itself(self):
        files = {"dataset.json": b'{"labels": null}' * 9, "a.png": noise(0)}
        data = self.zipped(files, zipfile.ZIP_DEFLATED)
        data[45:50] = b"\xff" * 5
        (self.root / "a.zip").write_bytes(data)
        with self.assertRaisesRegex(
            ValueError, r"a.zip/dataset.json can not be read: unreadable in"
        ):
            sources.open_source(self.root / "a.zip")

    def test_archives_are_known_by_what_they_hold(self):
        for name, data in (
            ("PHOTOS.ZIP", self.zipped({"a.png": noise(0)})),
            ("download", self.zipped({"a.png": noise(0)})),
            ("zip.tar.gz", self.zipped({"a.png": noise(0)})),
            ("PHOTOS.TAR.GZ", gzip.compress(tar([("a.png", noise(0))]))),
            ("tar.zip", tar([("a.png", noise(0))])),
        ):
            (self.root / name).write_bytes(data)
            source = sources.open_source(self.root / name)
            self.assertEqual(source.read(0), noise(0))
            self.assertEqual(source.name, name.split(".")[0])


if __name__ == "__main__":
    tf.test.main()
