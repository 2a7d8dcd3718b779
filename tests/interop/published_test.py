"""Published networks by name."""

import os
import pathlib
from unittest import mock

import tensorflow as tf

import stylegan_tf
from stylegan_tf.interop import download, published
from tests.helpers import support
from tests.helpers.interop import serving_files


class PublishedTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        variables = {published.CACHE_VARIABLE: str(self.folder)}
        self.enterContext(mock.patch.dict(os.environ, variables))

    def test_the_table_holds_addresses_and_no_feature_networks(self):
        addresses = published.addresses()
        self.assertGreater(len(addresses), 40)
        for name, address in addresses.items():
            self.assertTrue(download.is_address(address), address)
            self.assertRegex(name, r"^[\w.-]+$")
            self.assertEqual(
                published.path_of(name), self.folder / f"{name}.pkl"
            )
            self.assertEqual(
                published.path_of(address), published.path_of(name)
            )
        self.assertNotIn("vgg16", addresses)

    def test_addresses_that_end_alike_have_files_of_their_own(self):
        one, other = (
            published.path_of(f"https://{host}/a/..%2Fffhq.pkl?x=1")
            for host in ("a", "b")
        )
        self.assertNotEqual(one, other)
        self.assertEqual(one.parent, self.folder)
        self.assertEndsWith(one.name, "ffhq.pkl")

    def test_the_cache_is_in_the_home_folder_by_default(self):
        del os.environ[published.CACHE_VARIABLE]
        folder = pathlib.Path.home() / ".cache" / "stylegan_tf" / "networks"
        self.assertEqual(published.folder(), folder)

    def test_a_name_is_downloaded_and_loaded(self):
        name = "k6b_tf_sg2_32_uncond.nosrc.pkl"
        with serving_files.serving() as server:
            server.content = (support.GOLDEN / name).read_bytes()
            self.enterContext(
                mock.patch.object(
                    published, "addresses", lambda: {"small": server.address}
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
