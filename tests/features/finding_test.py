"""Where feature networks are found, and what is said where they are not."""

import hashlib
import os
import pathlib
from unittest import mock

import tensorflow as tf

from stylegan_tf import cache
from stylegan_tf.features import finding, inception, lpips, vgg16


class FindingTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.cache = self.folder / "cache" / "features"
        self.cache.mkdir(parents=True)
        environment = {
            finding.VARIABLE: str(self.folder / "shared"),
            cache.VARIABLE: str(self.folder / "cache"),
            "HOME": str(self.folder),
        }
        self.enterContext(mock.patch.dict(os.environ, environment))

    def test_a_path_comes_first_then_the_variable_then_the_cache(self):
        name = "classify_image_graph_def.pb"
        places = [self.folder / "own", self.folder / "shared", self.cache]
        for index, place in reversed(list(enumerate(places))):
            place.mkdir(exist_ok=True)
            (place / name).write_bytes(bytes([index]))
            path = self.folder / "own" if index == 0 else None
            found = finding.find("inception", path)
            digest = hashlib.sha256(bytes([index])).hexdigest()
            self.assertEqual(found, (place / name, digest))
        own = self.folder / "any.npz"
        own.write_bytes(b"x")
        self.assertEqual(finding.find("vgg16", own)[0], own)

    def test_a_missing_file_is_told_with_its_address_and_place(self):
        for load in (inception.load, vgg16.load, lpips.load):
            with self.assertRaises(FileNotFoundError) as caught:
                load()
            text = str(caught.exception)
            self.assertRegex(text, r"\.pt  from  https://nvlabs")
            self.assertIn(str(self.cache), text)
            self.assertIn(f"{finding.VARIABLE} to its folder", text)
        self.assertFalse(finding.is_there("inception"))
        with self.assertRaisesRegex(FileNotFoundError, "elsewhere"):
            finding.find("inception", self.folder / "elsewhere")

    def test_another_file_of_a_known_name_is_refused(self):
        (self.cache / "vgg16.pt").write_bytes(b"not it")
        self.assertTrue(finding.is_there("vgg16"))
        with self.assertRaisesRegex(ValueError, "damaged or another.*b437eb09"):
            finding.find("vgg16")

    def test_an_unknown_network_is_refused(self):
        with self.assertRaisesRegex(ValueError, "'inceptoin'.*inception"):
            finding.find("inceptoin")

    def test_the_table_is_whole(self):
        for origin in finding.origins():
            self.assertRegex(origin.address, r"^https?://")
            self.assertIn(len(origin.sha256), (0, 64))
        names = [origin.network for origin in finding.origins()]
        self.assertIn("celebahq-classifier-00-male", names)
        classifiers = [n for n in names if n.startswith("celebahq")]
        self.assertLen(set(classifiers), 40)

    def test_a_folder_has_a_hash_of_names_and_contents(self):
        folder = self.folder / "model"
        folder.mkdir()
        (folder / "a").write_bytes(b"1")
        first = finding.sha256(folder)
        (folder / "a").rename(folder / "b")
        second = finding.sha256(folder)
        self.assertNotEqual(second, first)
        far = pathlib.Path(self.create_tempdir().full_path)
        (far / "weights").write_bytes(b"1")
        (folder / "linked").symlink_to(far)
        third = finding.sha256(folder)
        self.assertNotEqual(third, second)
        (far / "weights").write_bytes(b"2")
        self.assertNotEqual(finding.sha256(folder), third)


if __name__ == "__main__":
    tf.test.main()
