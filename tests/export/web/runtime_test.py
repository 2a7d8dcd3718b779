"""onnxruntime-web is taken from npm's package, and only the known version."""

import hashlib
import io
import os
import pathlib
import socket
import tarfile
from unittest import mock

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import cache
from stylegan_tf.export.web import runtime
from tests.helpers.interop import serving_files

_CONTENT = {"ort.mjs": b"import it", "ort.wasm": bytes(range(256))}
_DIGESTS = {
    name: hashlib.sha256(content).hexdigest()
    for name, content in _CONTENT.items()
}


def _package(path, content, **links):
    """Writes a .tgz as npm does; `links` are symbolic ones, by name."""
    with tarfile.open(path, "w:gz") as archive:
        for name, data in {"README.md": b"Read", **content}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, target in links.items():
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return path


def _in_dist(content):
    return {f"dist/{name}": data for name, data in content.items()}


class RuntimeTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.enterContext(mock.patch.object(runtime, "FILES", _DIGESTS))

    def unpacked(self, content):
        for name, data in _in_dist(content).items():
            path = self.folder / "package" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return self.folder / "package"

    def packed(self, content, **links):
        path = self.folder / "ort.tgz"
        return _package(path, _in_dist(content), **links)

    def assert_read(self, source):
        found = runtime.read(source)
        self.assertIn(b"MIT License", found.pop("LICENSE"))
        self.assertEqual(found, _CONTENT)

    def test_a_package_is_read_packed_and_unpacked(self):
        self.assert_read(self.packed(_CONTENT))
        package = self.unpacked(_CONTENT)
        self.assert_read(package)
        self.assert_read(str(package / "dist"))

    @parameterized.parameters("packed", "unpacked")
    def test_another_version_is_refused(self, kind):
        other = {**_CONTENT, "ort.wasm": b"older"}
        source = getattr(self, kind)(other)
        with self.assertRaisesRegex(
            ValueError,
            f"^dist/ort.wasm in {source} is not that of onnxruntime-web 1.30.0"
            ".*`npm pack onnxruntime-web@1.30.0`.*--runtime=onnxruntime-web-1",
        ):
            runtime.read(source)

    def test_a_folder_without_it_is_refused(self):
        with self.assertRaisesRegex(FileNotFoundError, "holds no dist/ort.mjs"):
            runtime.read(self.folder)
        with self.assertRaises(FileNotFoundError):
            runtime.read(self.folder / "missing")

    @parameterized.parameters(b"", b"no archive", b"\x1f\x8b\x08 cut")
    def test_another_file_is_refused(self, content):
        path = self.folder / "ort.tgz"
        path.write_bytes(content)
        with self.assertRaisesRegex(ValueError, "is no package of npm"):
            runtime.read(path)

    def test_a_package_that_was_cut_off_is_refused(self):
        path = self.packed({**_CONTENT, "more": os.urandom(99_999)})
        path.write_bytes(path.read_bytes()[:50_000])
        with self.assertRaisesRegex(ValueError, "is no package of npm"):
            runtime.read(path)

    def test_links_of_a_package_lead_nowhere(self):
        secret = self.folder / "secret"
        secret.write_bytes(_CONTENT["ort.mjs"])
        path = self.packed({}, **{"ort.mjs": str(secret)})
        with self.assertRaisesRegex(FileNotFoundError, "holds no dist/ort.mjs"):
            runtime.read(path)


class FetchTest(tf.test.TestCase):
    """The package from a registry of the test's own, on this machine."""

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        variables = {cache.VARIABLE: str(self.folder / "cache")}
        self.enterContext(mock.patch.dict(os.environ, variables))
        self.server = self.enterContext(serving_files.serving())
        content = _package(self.folder / "ort.tgz", _in_dist(_CONTENT))
        self.server.content = content.read_bytes()
        self.patch(
            FILES=_DIGESTS,
            _ADDRESS=self.server.address,
            _SHA512=hashlib.sha512(self.server.content).hexdigest(),
        )

    def patch(self, **values):
        self.enterContext(mock.patch.multiple(runtime, **values))

    def test_it_is_downloaded_once(self):
        for _ in range(2):
            self.assertEqual(runtime.read()["ort.mjs"], b"import it")
        self.assertEqual(self.server.starts, [0])
        (kept,) = (self.folder / "cache" / "runtimes").iterdir()
        self.assertEqual(kept.name, "onnxruntime-web-1.30.0.tgz")

    def test_another_package_is_not_kept(self):
        self.patch(_SHA512=hashlib.sha512(b"another").hexdigest())
        with self.assertRaisesRegex(ValueError, "is not the published file"):
            runtime.read()
        self.assertFalse((cache.runtimes() / runtime.PACKAGE).exists())

    def test_without_network_it_says_what_to_fetch_and_where_to_put_it(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{unused.getsockname()[1]}/x.tgz"
        self.patch(_ADDRESS=address)
        with self.assertRaises(ConnectionError) as caught:
            runtime.read()
        message = str(caught.exception)
        self.assertIn(f"{address} can not be downloaded", message)
        self.assertIn("`npm pack onnxruntime-web@1.30.0`", message)
        self.assertIn("--runtime=onnxruntime-web-1.30.0.tgz", message)
        self.assertNotIn("\n", message)


if __name__ == "__main__":
    tf.test.main()
