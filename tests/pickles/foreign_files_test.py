"""Files that are no networks: each is told by what it is, in one line."""

import bz2
import gzip
import io
import json
import lzma
import os
import pathlib
import tarfile
import zipfile

import numpy as np
import PIL.Image
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf.interop import network_files
from stylegan_tf.pickles import foreign_files
from tests.helpers import running, support
from tests.helpers.interop import making

_PICKLE = (support.GOLDEN / "k6b_tf_pgan_32.nosrc.pkl").read_bytes()
_PAGE = b"<!DOCTYPE html><html><head><title>Google Drive - Virus scan"
_POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2\n"
    b"size 381624121\n"
)


def _image(kind):
    file = io.BytesIO()
    PIL.Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


def _zip(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


def _tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x.pkl"))
    return file.getvalue()


def _safetensors():
    return making.safetensors_file({"x": np.ones(1, np.float32)})


def _array():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


_FILES = {
    "a page": (_PAGE, "It is a web page .HTML.*click"),
    "a page after spaces": (b"\n\n <HTML lang='en'>", "a web page"),
    "a page after a mark": (b"\xef\xbb\xbf<!doctype  html>", "a web page"),
    "a page after a comment": (b"<!-- x -->\n<html>", "a web page"),
    "a pointer of LFS": (
        _POINTER,
        "Git LFS .* 381,624,121 bytes.*git lfs pull",
    ),
    "a pointer of annex": (
        b"/annex/objects/SHA256E-s381624121--4d7a.pkl\n",
        "git annex get",
    ),
    "gzip": (gzip.compress(_PICKLE), "packed by gzip.*gunzip"),
    "bzip2": (bz2.compress(b"x"), "packed by bzip2"),
    "xz": (lzma.compress(b"x"), "packed by xz"),
    "tar": (_tar(), "a tar archive"),
    "an empty zip": (_zip(), "an empty zip archive"),
    "a zip of images": (
        _zip(a_png=_image("png"), b_png=b""),
        "'a.png', 'b.png'",
    ),
    "a zip of a network": (_zip(x_pkl=_PICKLE), "around 'x.pkl': unpack it"),
    "an npz": (_zip(a_npy=_array()), "an .npz file: give it that suffix"),
    "a cut zip": (_zip(x_pkl=_PICKLE)[:-50], "zip archive is cut off"),
    "nothing": (b"", "It is empty: a download or a copy has failed"),
    "zeros": (bytes(10_000), "zeros: a download or a copy has failed"),
    "text": (b"Access denied.\x0a", "a text, 'Access denied.', not a network"),
    "a long text": ("höher ".encode() * 2000, "a text, 'h.xf6her h"),
    "spaces": (b" \n" * 9, "a text, of spaces"),
    "xml": (b"<?xml version='1.0'?><Error>", "a text, .*<Error>"),
    "json": (b'{"error": "not found"}', "JSON text, .*not found"),
    "long json": (json.dumps([1] * 5000).encode(), "JSON text"),
    "an escape": (b"\x1b[31m evil", "no pickle"),
    "png": (_image("png"), "a PNG image"),
    "jpeg": (_image("jpeg"), "a JPEG image"),
    "gif": (_image("gif"), "a GIF image"),
    "webp": (_image("webp"), "a WebP image"),
    "bmp": (_image("bmp"), "a BMP image"),
    "hdf5": (b"\x89HDF\r\n\x1a\n\0", "an HDF5 file.*[.]weights[.]h5"),
    "npy": (_array(), "a single array of numpy"),
    "safetensors": (_safetensors(), "1 arrays, such as `x`"),
    "cut safetensors": (_safetensors()[:-1], "the file is cut off"),
    "something": (b"\xde\xad\xbe\xef" * 9, "no pickle.*de ad be ef"),
    "a cut pickle": (_PICKLE[:5000], "the file is cut off"),
    "a start": (_PICKLE[:2], "the file is cut off"),
}


class ForeignFilesTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def assert_refused(self, path, message):
        with self.assertRaisesRegex(ValueError, message) as caught:
            stylegan_tf.load(path)
        text = str(caught.exception)
        self.assertStartsWith(text, f"{path} can not be read. ")
        self.assertLess(len(text), 500)
        self.assertTrue(text.isprintable(), text)

    @parameterized.parameters(*_FILES)
    def test_a_file_is_told_by_its_first_bytes(self, name):
        content, message = _FILES[name]
        path = self.folder / "x.pkl"
        path.write_bytes(content)
        self.assert_refused(path, message)

    @parameterized.parameters("x.npz", "x.keras", "x.weights.h5", "x.pt", "x")
    def test_whatever_its_suffix(self, name):
        path = self.folder / name
        path.write_bytes(_PAGE)
        self.assert_refused(path, "a web page")

    def test_a_directory_names_the_file_that_was_meant(self):
        with self.assertRaisesRegex(FileNotFoundError, "no run directory. Acc"):
            stylegan_tf.load(self.folder)
        (self.folder / "x.pkl").write_bytes(b"")
        with self.assertRaisesRegex(FileNotFoundError, "file: give .*x.pkl. A"):
            stylegan_tf.load(self.folder)
        version = self.folder / "1"
        version.mkdir()
        (version / "saved_model.pb").write_bytes(b"")
        for path in (version, self.folder):
            with self.assertRaisesRegex(FileNotFoundError, "is a SavedModel"):
                stylegan_tf.load(path)

    def test_a_pipe_is_not_waited_for(self):
        path = self.folder / "x.pkl"
        os.mkfifo(path)
        with self.assertRaisesRegex(FileNotFoundError, "no.* a regular file"):
            stylegan_tf.load(path)

    def test_only_the_start_of_a_large_file_is_read(self):
        path = self.folder / "x.pkl"
        with open(path, "wb") as file:
            file.write(_image("png"))
            file.truncate(1 << 40)
        self.assert_refused(path, "a PNG image")

    @pytest.mark.slow
    def test_networks_are_not_refused(self):
        for path in support.GOLDEN.glob("k*.p*"):
            foreign_files.refuse_file(path)
            self.assertIsNotNone(network_files.read(path).config)

    @parameterized.parameters(
        ("generate", "--network={}", "--seeds=0", "--output={}.out"),
        ("evaluate", "--network={}", "--metrics=ppl_wend", "--dataset=bundled"),
        ("export", "--network={}", "--output={}.out", "--format=saved_model"),
        ("import_network", "--source={}", "--output={}.out"),
        ("train", "--init_from={}", "--workdir={}.out"),
        (
            "train",
            "--init_from={}",
            "--config=configs/tiny.py",
            "--workdir={}.out",
        ),
    )
    @pytest.mark.slow
    def test_every_tool_says_it_in_one_line(self, tool, *arguments):
        path = self.folder / "x.pkl"
        path.write_bytes(_PAGE)
        arguments = [argument.format(path) for argument in arguments]
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 1, answer.output)
        (line,) = answer.errors.strip().splitlines()
        self.assertIn(f"{tool}: {path} can not be read. It is a web page", line)


if __name__ == "__main__":
    tf.test.main()
