"""What --features may name where distances are measured."""

import pathlib

import tensorflow as tf

from stylegan_tf.command_line import distances


class DistancesTest(tf.test.TestCase):
    def test_the_offline_extractor_stands_in(self):
        self.assertEqual(distances.detector("offline").name, "offline-faces")

    def test_a_network_of_the_users_is_refused(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        (folder / "saved_model.pb").touch()
        for path in (folder, folder / "saved_model.pb"):
            with self.assertRaisesRegex(ValueError, "a network of yours"):
                distances.detector(str(path))


if __name__ == "__main__":
    tf.test.main()
