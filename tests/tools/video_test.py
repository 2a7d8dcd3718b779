"""tools.video: every walk of every kind of file, and what it refuses."""

import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image, ImageSequence

from stylegan_tf import checkpoint, generators, pictures
from stylegan_tf.editing import direction_files, latent_files
from tests.helpers import exports, running

_NETWORK = "tests/fixtures/quickstart"
_SHORT = ("--seconds=0.6", "--fps=10")


class VideoTest(tf.test.TestCase, parameterized.TestCase):
    def _run(self, *arguments, name="walk.gif"):
        """The answer of the tool, and the path of its video."""
        path = pathlib.Path(self.create_tempdir().full_path) / name
        arguments = (*arguments, f"--output={path}")
        return running.run("video", f"--network={_NETWORK}", *arguments), path

    @parameterized.named_parameters(
        ("slerp", ["--seeds=0-2"], (1, 1)),
        ("lerp", ["--walk=lerp", "--seeds=0-3", "--grid=2x1"], (2, 1)),
        ("spline", ["--walk=spline", "--truncation_psi=0.5"], (1, 1)),
        ("mixing", ["--walk=mixing", "--seeds=0-5", "--grid=1x3"], (1, 3)),
        ("random", ["--walk=random", "--grid=2x2", "--seed=3"], (2, 2)),
        ("truncation", ["--walk=truncation", "--seeds=0-4"], (2, 3)),
    )
    @pytest.mark.slow
    def test_every_walk_is_written(self, flags, grid):
        answer, path = self._run(*flags, *_SHORT)
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn(f"6 frames in {path}", answer.output)
        factor = 512 // (32 * max(grid))
        with Image.open(path) as image:
            self.assertEqual(image.n_frames, 6)
            rows, columns = grid
            size = (32 * columns * factor, 32 * rows * factor)
            self.assertEqual(image.size, size)

    @parameterized.parameters("walk.gif", "walk.webp", "walk.mp4")
    @pytest.mark.slow
    def test_the_same_flags_give_the_same_file(self, name):
        flags = ("--walk=random", "--seed=5", *_SHORT)
        (_, one), (_, same) = (self._run(*flags, name=name) for _ in "ab")
        self.assertEqual(one.read_bytes(), same.read_bytes())
        _, other = self._run(*flags, "--seed=6", name=name)
        self.assertNotEqual(one.read_bytes(), other.read_bytes())

    @pytest.mark.slow
    def test_a_walk_begins_at_its_seed(self):
        answer, path = self._run("--seeds=7,8", *_SHORT, name="walk.webp")
        self.assertEqual(answer.code, 0, answer.errors)
        expected = generators.open(_NETWORK).samples([7])
        with Image.open(path) as image:
            shown = np.asarray(image.convert("RGB"))[8::16, 8::16]
        difference = np.abs(shown.astype(int) - expected[0])
        self.assertLess(difference.mean(), 4)

    @pytest.mark.slow
    def test_files_of_styles_and_directions_are_taken(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        generator = generators.open(_NETWORK)
        ws = generator.map(generator.latents(range(2)))
        noise = [np.zeros((2, *s, 1)) for s in generator.noise_shapes]
        latent_files.write(folder / "found.npz", ws, noise)
        vector = np.eye(1, ws.shape[-1], dtype=np.float32)[0]
        way = direction_files.Direction("smile", vector, 0, 4, 1.0)
        direction_files.write(folder / "ways.npz", [way])
        answer, path = self._run(
            "--walk=direction",
            f"--ws={folder / 'found.npz'}",
            f"--directions={folder / 'ways.npz'}",
            "--direction=smile:4",
            "--seconds=0.4",
            "--fps=10",
            name="walk.webp",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        moved = direction_files.move(ws, way, 4)
        expected = pictures.grid(generator.images(moved, noise), 2)
        with Image.open(path) as image:
            image.seek(1)
            shown = np.asarray(image.convert("RGB"))[4::8, 4::8]
        difference = np.abs(shown.astype(int) - expected)
        self.assertLess(difference.mean(), 4)
        answer, _ = self._run(f"--ws={folder / 'found.npz'}", *_SHORT)
        self.assertEqual(answer.code, 0, answer.errors)
        self._refused("holds points in W", "--ws=found.npz", "--walk=slerp")

    def test_a_dry_run_writes_nothing(self):
        answer, path = self._run("--dry_run")
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("300 frames of", answer.output)
        self.assertFalse(path.exists())

    @parameterized.parameters(
        ("two at least", "--seeds=3"),
        ("the same number", "--seeds=0-4", "--grid=2x1"),
        ("ROWSxCOLUMNS", "--grid=4"),
        ("no row more", "--walk=truncation", "--grid=4x3"),
        ("which --seed draws", "--walk=random", "--seeds=1"),
        ("is for --walk=random", "--seed=1"),
        ("--direction is needed", "--walk=direction"),
        ("at most 50 frames", "--fps=60"),
    )
    @pytest.mark.slow
    def test_mistakes_are_one_clear_line(self, message, *flags):
        self._refused(message, *flags)

    def _refused(self, message, *flags):
        answer, path = self._run(*flags)
        self.assertEqual(answer.code, 1)
        self.assertRegex(answer.errors, message)
        self.assertLen(answer.errors.strip().splitlines(), 1)
        self.assertEmpty(list(path.parent.iterdir()))


class OtherNetworksTest(tf.test.TestCase, parameterized.TestCase):
    def _run(self, kind, *arguments):
        path = pathlib.Path(self.create_tempdir().full_path) / "walk.gif"
        arguments = ("--network=x", *arguments, f"--output={path}", *_SHORT)
        found = exports.snapshot(kind)
        with mock.patch.object(checkpoint, "load", return_value=found):
            return running.run("video", *arguments), path

    @parameterized.parameters(
        ("progan", "--class=1"),
        ("progan", "--class=2", "--walk=random"),
        ("labels", "--class=2", "--walk=spline"),
        ("fading", "--walk=mixing"),
        ("fading", "--walk=truncation"),
    )
    @pytest.mark.slow
    def test_other_kinds_walk_too(self, kind, *flags):
        answer, path = self._run(kind, *flags)
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("6 frames", answer.output)
        with Image.open(path) as image:  # equal neighbours are one, for longer
            frames = ImageSequence.Iterator(image)
            lasting = [frame.info["duration"] for frame in frames]
        self.assertEqual(sum(lasting), 600)
        self.assertGreater(len(lasting), 1)

    @parameterized.parameters(
        ("this network has no mean w", "--walk=truncation"),
        ("one style for all layers", "--walk=mixing"),
    )
    def test_where_one_can_not_go_is_said(self, message, *flags):
        answer, path = self._run("progan", "--class=1", *flags)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    tf.test.main()
