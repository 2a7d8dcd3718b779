"""The rows of metrics.jsonl, and where it is."""

import json
import pathlib

import tensorflow as tf

from stylegan_tf import run_directory


class RunDirectoryTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def test_rows_beyond_the_snapshot_are_dropped(self):
        path = self.folder / "metrics.jsonl"
        path.write_text(
            '{"images_seen": 8}\n{"images_seen": 16}\n{"images_seen": 24}\n{"im'
        )
        run_directory.truncate(path, 16)
        rows = [json.loads(line)["images_seen"] for line in path.open()]
        self.assertEqual(rows, [8, 16])

    def test_results_belong_to_the_run_or_lie_beside_the_file(self):
        (self.folder / "saved").mkdir()
        (self.folder / "saved" / "saved_model.pb").touch()
        for path, expected in (
            ("run/snapshots/0000000040", "run/metrics.jsonl"),
            ("ffhq.pkl", "ffhq.pkl.metrics.jsonl"),
            ("saved", "saved.metrics.jsonl"),
            (".", "metrics.jsonl"),
        ):
            found = run_directory.metrics_file(self.folder / path)
            self.assertEqual(found, self.folder / expected)

    def test_numbers_are_told_without_their_prefix(self):
        row = {
            "images_seen": 8,
            "metric": "fid",
            "metrics/fid": 3.5,
            "metrics/kept": True,
            "metrics/protocol": {"seed": 0},
            "loss/generator": 1.0,
        }
        self.assertEqual(run_directory.numbers(row), {"fid": 3.5})


if __name__ == "__main__":
    tf.test.main()
