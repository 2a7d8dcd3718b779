"""Published networks; downloads: whole, resumed, pinned, refused."""

import hashlib
import os
import pathlib
import socket
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf import cache, downloads
from tests.helpers import support
from tests.helpers.interop import serving_files


class DownloadTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.path = self.folder / "cache" / "x.pkl"
        self.part = self.path.with_name("x.pkl.part")
        self.pin = self.path.with_name("x.pkl.sha256")
        self.server = self.enterContext(serving_files.serving())

    def fetch(self):
        return downloads.fetch_file(self.server.address, self.path)

    def assert_downloaded(self, starts):
        self.assertEqual(self.fetch(), self.path)
        self.assertEqual(self.path.read_bytes(), self.server.content)
        self.assertEqual(self.server.starts, starts)
        names = [each.name for each in self.path.parent.iterdir()]
        self.assertCountEqual(names, ["x.pkl", "x.pkl.sha256"])

    def test_a_file_is_downloaded_once(self):
        self.assert_downloaded([0])
        self.assert_downloaded([0])
        digest = hashlib.sha256(self.server.content).hexdigest()
        self.assertEqual(self.pin.read_text(), f"{digest}  x.pkl\n")

    def test_a_file_of_unknown_length_is_downloaded(self):
        self.server.tells_length = False
        self.assert_downloaded([0])

    def test_what_was_cut_off_goes_on_at_once(self):
        self.server.cuts = [100_000, 300_000, 1]
        self.assert_downloaded([0, 100_000, 400_000, 400_001])

    def test_what_was_cut_off_goes_on_in_the_next_call(self):
        self.server.cuts = [100_000, 0]
        with self.assertRaisesRegex(ConnectionError, "was cut off.*again"):
            self.fetch()
        self.assertFalse(self.path.exists())
        self.assertEqual(self.part.stat().st_size, 100_000)
        self.assert_downloaded([0, 100_000, 100_000])

    def test_without_ranges_it_starts_again(self):
        self.server.knows_ranges = False
        self.server.cuts = [100_000]
        self.assert_downloaded([0, 0])

    def test_a_server_that_always_cuts_off_is_given_up(self):
        self.server.knows_ranges = False
        self.server.cuts = [100_000] * 9
        with self.assertRaisesRegex(ConnectionError, "was cut off"):
            self.fetch()
        self.assertLen(self.server.starts, 2)

    def test_a_part_that_is_whole_already_is_taken(self):
        self.path.parent.mkdir()
        self.part.write_bytes(self.server.content)
        self.assert_downloaded([len(self.server.content)])

    def test_a_part_that_is_longer_than_the_file_is_dropped(self):
        self.path.parent.mkdir()
        size = len(self.server.content) + 5
        self.part.write_bytes(b"x" * size)
        self.assert_downloaded([size, 0])

    def test_a_changed_file_is_refused(self):
        self.fetch()
        self.path.write_bytes(b"another")
        message = "x.pkl is not the file that was downloaded first.*Delete"
        with self.assertRaisesRegex(ValueError, message):
            self.fetch()
        self.path.unlink()
        self.assert_downloaded([0, 0])

    def test_another_file_at_the_address_is_refused(self):
        self.fetch()
        self.path.unlink()
        self.server.content = b"another"
        with self.assertRaisesRegex(ValueError, "delete .*x.pkl.sha256 too"):
            self.fetch()
        self.assertFalse(self.path.exists())

    def test_a_file_placed_by_hand_is_pinned(self):
        self.path.parent.mkdir()
        self.path.write_bytes(b"by hand")
        self.fetch()
        self.assertEmpty(self.server.starts)
        self.path.write_bytes(b"changed")
        with self.assertRaisesRegex(ValueError, "is not the file"):
            self.fetch()

    def test_a_file_whose_digest_is_known_is_no_other(self):
        sha512 = hashlib.sha512(self.server.content).hexdigest()
        whole, self.server.content = self.server.content, b"another"
        with self.assertRaisesRegex(ValueError, "x.pkl.part is not the publ"):
            downloads.fetch_file(self.server.address, self.path, sha512)
        self.assertFalse(self.path.exists())
        self.part.unlink()
        self.server.content = whole
        for _ in range(2):
            downloads.fetch_file(self.server.address, self.path, sha512)
        self.assertEqual([*self.path.parent.iterdir()], [self.path])
        self.path.write_bytes(b"changed")
        with self.assertRaisesRegex(ValueError, "Delete it to download it"):
            downloads.fetch_file(self.server.address, self.path, sha512)

    def test_a_web_page_is_no_network(self):
        self.server.html = True
        with self.assertRaisesRegex(ConnectionError, "a web page came"):
            self.fetch()
        self.assertFalse(self.path.exists())

    @parameterized.parameters(
        (b"<!DOCTYPE html><title>Virus scan warning", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\nsize 9\n", "Git LFS"),
    )
    def test_a_page_that_calls_itself_a_file_is_not_kept(self, page, what):
        whole, self.server.content = self.server.content, page
        with self.assertRaisesRegex(ConnectionError, f"{what}.*place it as"):
            self.fetch()
        self.assertFalse(self.path.exists())
        self.server.content = whole
        self.assert_downloaded([0, 0])

    def test_without_network_it_says_what_to_place_where(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{unused.getsockname()[1]}/x.pkl"
        with self.assertRaises(ConnectionError) as caught:
            downloads.fetch_file(address, self.path)
        self.assertIn("refused", str(caught.exception))
        self.assertIn(address, str(caught.exception))
        self.assertIn(f"place it as {self.path}", str(caught.exception))

    @parameterized.parameters("file:///etc/hostname", "ftp://x/y.pkl", "x.pkl")
    def test_other_addresses_than_of_the_web_are_refused(self, address):
        with self.assertRaisesRegex(ValueError, "Only http and https"):
            downloads.fetch_file(address, self.path)

    def test_a_redirection_to_a_local_file_is_refused(self):
        secret = self.folder / "secret"
        secret.write_text("secret")
        root = self.server.address.removesuffix("x.pkl")
        for address in (f"file://{secret}", f"ftp://{secret}"):
            with self.assertRaises(ConnectionError):
                downloads.fetch_file(f"{root}moved/{address}", self.path)
        downloads.fetch_file(f"{root}moved/{self.server.address}", self.path)
        self.assertEqual(self.path.read_bytes(), self.server.content)

    def test_a_redirection_to_ftp_is_not_followed(self):
        root = self.server.address.removesuffix("x.pkl")
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            with self.assertRaises(ConnectionError):
                downloads.fetch_file(
                    f"{root}moved/ftp://127.0.0.1:{port}/x.pkl", self.path
                )
            listening.setblocking(False)
            with self.assertRaises(BlockingIOError):  # nobody came
                listening.accept()


class PublishedTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        variables = {cache.VARIABLE: str(self.folder)}
        self.enterContext(mock.patch.dict(os.environ, variables))

    def test_the_table_holds_addresses_and_no_feature_networks(self):
        addresses = downloads.addresses()
        self.assertGreater(len(addresses), 40)
        for name, address in addresses.items():
            self.assertTrue(downloads.is_address(address), address)
            self.assertRegex(name, r"^[\w.-]+$")
            self.assertEqual(
                downloads.path_of(name), self.folder / f"{name}.pkl"
            )
            self.assertEqual(
                downloads.path_of(address), downloads.path_of(name)
            )
        self.assertNotIn("vgg16", addresses)

    def test_addresses_that_end_alike_have_files_of_their_own(self):
        one, other = (
            downloads.path_of(f"https://{host}/a/..%2Fffhq.pkl?x=1")
            for host in ("a", "b")
        )
        self.assertNotEqual(one, other)
        self.assertEqual(one.parent, self.folder)
        self.assertEndsWith(one.name, "ffhq.pkl")

    @pytest.mark.slow
    def test_a_name_is_downloaded_and_loaded(self):
        name = "k6b_tf_sg2_32_uncond.nosrc.pkl"
        with serving_files.serving() as server:
            server.content = (support.GOLDEN / name).read_bytes()
            self.enterContext(
                mock.patch.object(
                    downloads, "addresses", lambda: {"small": server.address}
                )
            )
            by_name = stylegan_tf.load("small")
            by_address = stylegan_tf.load(server.address)
            self.assertLen(server.starts, 1)
        self.assertEqual(by_name.path, self.folder / "small.pkl")
        self.assertEqual(by_name.provenance["source"], "small")
        self.assertEqual(by_address.provenance["source"], server.address)
        self.assertEqual(by_name.provenance["address"], server.address)
        self.assertEqual(by_name.provenance["kind"], "stylegan2")


if __name__ == "__main__":
    tf.test.main()
