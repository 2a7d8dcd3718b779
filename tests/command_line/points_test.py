"""Where tools start: seeds, a file of styles, directions; refusals."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators
from stylegan_tf.command_line import points
from stylegan_tf.editing import direction_files, latent_files
from tests.helpers import running, support

_NETWORK = "tests/fixtures/quickstart"


class PointsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.ws = self.folder / "found.npz"
        self.directions = self.folder / "directions.npz"
        vector = np.eye(128, dtype=np.float32)[3]
        self.direction = direction_files.Direction("x", vector, 0, 4, 2.0)
        direction_files.write(self.directions, [self.direction])

    def _generate(self, *arguments):
        out = self.folder / "out"
        return running.run(
            "generate",
            f"--network={_NETWORK}",
            f"--output={out}",
            *arguments,
        )

    @pytest.mark.slow
    def test_styles_of_a_file_are_moved_truncated_and_shown(self):
        generator = generators.open(_NETWORK)
        ws = generator.map(generator.latents([5, 6]))
        noise = [np.ones((2, *s, 1)) for s in generator.noise_shapes]
        latent_files.write(self.ws, ws, noise)
        answer = self._generate(
            f"--ws={self.ws}",
            "--truncation_psi=0.5",
            f"--directions={self.directions}",
            "--direction=x:1.5",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        ws = generator.truncate(ws, 0.5)
        ws = direction_files.move(ws, self.direction, 1.5)
        for index, expected in enumerate(generator.images(ws, noise)):
            path = self.folder / "out" / f"ws{index:04d}.png"
            self.assertAllEqual(np.asarray(Image.open(path)), expected)
        self.assertNotAllEqual(expected, generator.images(ws)[1])

    @parameterized.parameters(
        (["--ws=a.npz", "--seeds=1"], "--seeds is not for --ws"),
        (["--ws=a.npz", "--class=1"], "--class is not for --ws"),
        (["--ws=a.npz", "--noise=random"], "--noise of --seeds is random"),
        (["--direction=x:1"], "go together"),
        (["--directions=x.npz"], "go together"),
        (["--direction=x", "--directions=a"], "must look like glasses:2.5"),
        (["--direction=x:nan", "--directions=a"], "must look like"),
        (["--direction=:2", "--directions=a"], "must look like"),
        (["--direction=x:1,", "--directions=a"], "must look like"),
        (["--truncation_cutoff=2"], "changes nothing without --truncation"),
        (["--seeds=a"], "must look like 1,2,5-8"),
    )
    def test_what_does_not_go_together_is_refused(self, arguments, message):
        answer = self._generate(*arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)

    def test_all_is_every_class_also_where_one_is_called_so(self):
        config = support.small_config(
            label_size=3, label_names=("a", "all", "b")
        )
        self.assertIsNone(points.class_of("all", config, is_needed=False))
        note = points.note_on_all(config)
        self.assertEndsWith(note, "that called all is --class=1")
        self.assertEqual(points.class_of("1", config), 1)
        with self.assertRaisesRegex(ValueError, "not all: .*--class=1$"):
            points.class_of("all", config)
        config.label_names = "a", "b", "c"
        self.assertEqual(points.note_on_all(config), "")

    @parameterized.parameters(
        (["--ws=MISSING"], "MISSING does not exist"),
        (["--direction=y:1", "--directions=FILE"], "no direction 'y'"),
        (["--class=1"], "--class: this network has no classes"),
    )
    @pytest.mark.slow
    def test_what_does_not_fit_the_network_is_refused(self, arguments, message):
        found = [a.replace("FILE", str(self.directions)) for a in arguments]
        answer = self._generate(*found)
        self.assertEqual(answer.code, 1, answer.output)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)


if __name__ == "__main__":
    tf.test.main()
