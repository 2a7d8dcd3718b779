"""Where files are kept from one command to the next."""

import os
import pathlib
from unittest import mock

import tensorflow as tf

from stylegan_tf import cache


class CacheTest(tf.test.TestCase):
    def test_it_is_in_the_home_folder_by_default(self):
        with mock.patch.dict(os.environ, {"HOME": "/home/me"}):
            os.environ.pop(cache.VARIABLE, None)
            root = pathlib.Path("/home/me/.cache/stylegan_tf")
            self.assertEqual(cache.networks(), root / "networks")
            self.assertEqual(cache.runtimes(), root / "runtimes")
            self.assertEqual(cache.real_features(), root / "real_features")
            self.assertEqual(cache.feature_networks(), [root / "features"])

    def test_a_variable_names_another_and_feature_networks_stay_found(self):
        variables = {"HOME": "/home/me", cache.VARIABLE: "~/kept"}
        with mock.patch.dict(os.environ, variables):
            root = pathlib.Path("/home/me/kept")
            self.assertEqual(cache.networks(), root)
            self.assertEqual(cache.runtimes(), root / "runtimes")
            self.assertEqual(cache.real_features(), root / "real_features")
            home = pathlib.Path("/home/me/.cache/stylegan_tf/features")
            self.assertEqual(
                cache.feature_networks(), [root / "features", home]
            )


if __name__ == "__main__":
    tf.test.main()
