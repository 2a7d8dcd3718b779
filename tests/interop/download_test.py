"""Downloads from a local server: whole, resumed, pinned, refused."""

import hashlib
import pathlib
import socket

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import download
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
        return download.fetch(self.server.address, self.path)

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
            download.fetch(address, self.path)
        self.assertIn("refused", str(caught.exception))
        self.assertIn(address, str(caught.exception))
        self.assertIn(f"place it as {self.path}", str(caught.exception))

    @parameterized.parameters("file:///etc/hostname", "ftp://x/y.pkl", "x.pkl")
    def test_other_addresses_than_of_the_web_are_refused(self, address):
        with self.assertRaisesRegex(ValueError, "Only http and https"):
            download.fetch(address, self.path)

    def test_a_redirection_to_a_local_file_is_refused(self):
        secret = self.folder / "secret"
        secret.write_text("secret")
        root = self.server.address.removesuffix("x.pkl")
        for address in (f"file://{secret}", f"ftp://{secret}"):
            with self.assertRaises(ConnectionError):
                download.fetch(f"{root}moved/{address}", self.path)
        download.fetch(f"{root}moved/{self.server.address}", self.path)
        self.assertEqual(self.path.read_bytes(), self.server.content)


if __name__ == "__main__":
    tf.test.main()
