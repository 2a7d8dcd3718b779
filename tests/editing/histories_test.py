"""What runs left behind is found, read and cut into images."""

import json
import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import images
from stylegan_tf.editing import histories


def make_run(
    folder, *, kimg=(1, 2), shape=(8, 8), rows=(), channels=3, label_size=0
):
    """A run directory with grids of 2x3 samples, each of one value."""
    folder = pathlib.Path(folder)
    (folder / "samples").mkdir(parents=True)
    config = config_lib.Config(resolution=max(shape), label_size=label_size)
    config.base_shape = tuple(side // 2 for side in shape)
    (folder / "config.json").write_text(config_lib.to_json(config))
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "metrics.jsonl").write_text(lines)
    for place in kimg:
        name = f"fakes-{1000 * place:010d}.png"
        images.write_png(
            folder / "samples" / name, _grid(place, shape, channels)
        )
    reals = folder / "samples" / "reals.png"
    images.write_png(reals, _grid(20, shape, channels))
    return folder


def _grid(first, shape, channels):
    cells = first + np.arange(6, dtype=np.uint8).reshape(2, 1, 3, 1, 1)
    height, width = shape
    grid = np.broadcast_to(cells, (2, height, 3, width, channels))
    return grid.reshape(2 * height, 3 * width, channels)


class FindTest(tf.test.TestCase):
    def test_runs_are_found_alone_and_in_a_folder(self):
        folder = pathlib.Path(self.create_tempdir())
        for name in ("b", "a"):
            make_run(folder / name)
        (folder / "other").mkdir()
        self.assertEqual(
            histories.find([folder]), {"a": folder / "a", "b": folder / "b"}
        )
        self.assertEqual(histories.find([folder / "b"]), {"b": folder / "b"})

    def test_what_is_no_run_is_refused(self):
        folder = self.create_tempdir().full_path
        with self.assertRaisesRegex(ValueError, "no run directory"):
            histories.find([folder])

    def test_two_of_one_name_are_refused(self):
        folder = pathlib.Path(self.create_tempdir())
        one, other = make_run(folder / "x" / "a"), make_run(folder / "y" / "a")
        with self.assertRaisesRegex(ValueError, "Two runs are called a"):
            histories.find([one, other])


class CurvesTest(tf.test.TestCase):
    def test_rows_become_curves_in_order_of_images(self):
        rows = (
            {"images_seen": 2000, "time": 1.0, "loss/generator": 2.0},
            {"images_seen": 1000, "loss/generator": 1.0, "metric": "fid"},
            {"images_seen": 2000, "metrics/fid": 9.0, "seconds": 3.0},
            {"images_seen": 2000, "metrics/fid": 8.0},
            {"images_seen": 3000, "loss/generator": float("nan")},
        )
        run = make_run(self.create_tempdir().full_path + "/a", rows=rows)
        found = histories.curves(run)
        self.assertEqual(set(found), {"loss/generator", "metrics/fid"})
        self.assertAllEqual(found["loss/generator"], [[1.0, 2.0], [1.0, 2.0]])
        self.assertAllEqual(found["metrics/fid"], [[2.0], [8.0]])


class SamplesTest(tf.test.TestCase):
    def test_a_grid_is_cut_into_images_row_by_row(self):
        run = make_run(self.create_tempdir().full_path + "/a", shape=(4, 8))
        (_, path), _ = histories.samples(run)
        tiles = histories.tiles(run, path, 5)
        self.assertEqual(tiles.shape, (5, 4, 8, 3))
        self.assertAllEqual(tiles[:, 0, 0, 0], [1, 2, 3, 4, 5])
        self.assertAllEqual(tiles.min((1, 2, 3)), tiles.max((1, 2, 3)))

    def test_of_a_row_a_class_every_class_comes_first(self):
        run = make_run(self.create_tempdir().full_path + "/a", label_size=2)
        (_, path), _ = histories.samples(run)
        tiles = histories.tiles(run, path, 4)
        self.assertAllEqual(tiles[:, 0, 0, 0], [1, 4, 2, 5])

    def test_images_keep_their_channels(self):
        for channels in (1, 2, 4):
            run = f"{self.create_tempdir().full_path}/{channels}"
            make_run(run, shape=(16, 8), channels=channels)
            (_, path), _ = histories.samples(run)
            tiles = histories.tiles(run, path, 2)
            self.assertEqual(tiles.shape, (2, 16, 8, channels))
            found = [*histories.frames(run, histories.samples(run))]
            self.assertEqual(found[0].shape[2], 3)

    def test_a_run_without_samples_says_where_they_come_from(self):
        run = make_run(self.create_tempdir().full_path + "/a", kimg=())
        with self.assertRaisesRegex(ValueError, "sample_kimg"):
            histories.samples(run)

    def test_training_images_are_found_with_their_data(self):
        run = make_run(self.create_tempdir().full_path + "/a")
        path, data = histories.reals(run)
        self.assertEqual(histories.tiles(run, path, 1)[0, 0, 0, 0], 20)
        self.assertEqual(data, "bundled")
        path.unlink()
        self.assertEqual(histories.reals(run), (None, "bundled"))

    def test_frames_have_one_size_and_are_in_order(self):
        run = make_run(self.create_tempdir().full_path + "/a", kimg=(9, 100))
        found = histories.samples(run)
        frames = [*histories.frames(run, found, count=4)]
        self.assertEqual([f.shape for f in frames], [(304, 256, 3)] * 2)
        self.assertEqual([f[-1, 0, 0] for f in frames], [11, 102])


if __name__ == "__main__":
    tf.test.main()
