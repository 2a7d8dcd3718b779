"""tools.figures: the figures of networks beside each other."""

import pathlib

import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from tests.helpers import running

_NETWORK = "tests/fixtures/quickstart"


class SeveralTest(tf.test.TestCase, parameterized.TestCase):
    def _figure(self, name, *arguments, output="figure.png"):
        """The answer of the tool, and the path of its figure."""
        path = pathlib.Path(self.create_tempdir().full_path) / output
        arguments = (f"--figure={name}", f"--output={path}", *arguments)
        return running.run("figures", *arguments), path

    @parameterized.parameters(
        ("droplets", "figure.png", "--seeds=4"),
        ("phase", "figure.pdf", "--seconds=0.4", "--at=0.3"),
    )
    @pytest.mark.slow
    def test_networks_stand_beside_each_other(self, name, output, *flags):
        networks = f"--networks={_NETWORK},{_NETWORK}"
        answer, path = self._figure(name, networks, *flags, output=output)
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertTrue(path.exists())

    @pytest.mark.slow
    def test_the_walk_is_a_film_too(self):
        answer, path = self._figure(
            "phase",
            f"--networks={_NETWORK},{_NETWORK}",
            "--seconds=0.5",
            "--fps=10",
            output="walk.webp",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        with Image.open(path) as film:
            self.assertEqual(film.n_frames, 5)
            self.assertEqual(film.size, (512, 256))

    @parameterized.parameters(
        ("phase", "two --seeds", f"--network={_NETWORK}", "--seeds=1"),
        ("phase", "--network is needed"),
        ("droplets", "one too many", "--network=a", "--networks=b,c"),
        ("droplets", "--at is not for", "--network=a", "--at=1"),
    )
    def test_mistakes_are_told_in_a_line(self, name, message, *flags):
        answer, path = self._figure(name, *flags)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    tf.test.main()
