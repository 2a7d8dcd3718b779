"""Records of results: a damaged one is one line that says what to do."""

import json
import pathlib

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing import records


class RecordsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        "",
        "{",
        "[]",
        "{}",
        '{"settings": {}}',
        "3",
        '{"settings": 1, "images": 2}',
    )
    def test_damaged_ones_are_refused(self, text):
        path = pathlib.Path(self.create_tempdir().full_path) / "a.json"
        path.write_text(text)
        with self.assertRaisesRegex(ValueError, "a.json is damaged or of ano"):
            records.read(path, ("settings", "images"))

    def test_whole_ones_are_read(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "a.json"
        whole = {"settings": {}, "images": [], "more": 1}
        path.write_text(json.dumps(whole))
        self.assertEqual(records.read(path, ("settings", "images")), whole)


if __name__ == "__main__":
    tf.test.main()
