"""tools.figures: every figure of a network, and what is refused."""

import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators
from stylegan_tf.editing import latent_files
from tests.helpers import exports, running

_NETWORK = f"--network={running.ROOT}/tests/fixtures/quickstart"


class _FiguresTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def draw(self, figure, *arguments, name="x.png"):
        return running.run(
            "figures",
            f"--figure={figure}",
            f"--output={self.folder / name}",
            *arguments,
        )

    def assert_refused(self, message, figure, *arguments, **options):
        answer = self.draw(figure, *arguments, **options)
        self.assertEqual(answer.code, 1, answer.output)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1, answer.errors)
        self.assertEmpty([*self.folder.iterdir()])


class RefusedTest(_FiguresTest):
    def test_an_unknown_figure_names_the_closest(self):
        message = "--figure=mixin is unknown. Did you mean `mixing`? Figures: "
        self.assert_refused(message, "mixin", _NETWORK)

    @parameterized.parameters(
        ("grid", "--psis=1", "--psis is not for --figure=grid. It is for trun"),
        ("mixing", "--seeds=1", "--seeds is not for --figure=mixing"),
        ("truncation", "--truncation_psi=0.5", "is not for --figure=trunc"),
        ("mixing", "--layers=0,2", "neighbours"),
        ("mixing", "--layers=7-8", "8 layers with style, 0 to 7"),
        ("mixing", "--rows=x", "--rows must look like 1,2,5-8"),
        ("mixing", "--truncation_cutoff=3", "changes nothing without"),
        ("noise", "--layers=7", "7 layers with noise, 0 to 6"),
        ("uncurated", "--lods=0,-1", "--lods must be numbers such as 0,1,2"),
        ("uncurated", "--lods=0,9", "can be halved 7 times, from 512x512"),
        ("uncurated", "--seeds=0-7", "takes 27 images for a row"),
        ("truncation", "--psis=1,x", "--psis must be numbers such as 1,0.5,"),
        ("grid", "--classes=0", "is for networks with labels"),
        ("grid", "--grid=3", "be ROWSxCOLUMNS, such as 4x8. Received: 3"),
        ("grid", "--grid=0x3", "be ROWSxCOLUMNS, such as 4x8. Received: 0x3"),
        ("path-lengths", "--features=README.md", "is a network of yours"),
    )
    @pytest.mark.slow
    def test_flags_that_do_not_fit(self, figure, flag, message):
        self.assert_refused(message, figure, _NETWORK, flag)

    def test_other_files_than_pictures(self):
        message = "must end in .png or .pdf: give another, such as --output="
        self.assert_refused(message, "grid", _NETWORK, name="x.jpg")


@pytest.mark.slow
class DrawnTest(_FiguresTest):
    @parameterized.parameters(
        ("uncurated", "--lods=0,1", "--seeds=0-2"),
        ("grid", "--grid=2x3"),
        ("mixing",),
        ("mixing", "--layers=0-3", "--rows=1", "--columns=2,3"),
        ("stochastic", "--draws=5", "--seeds=3"),
        ("noise", "--layers=0-2", "--seeds=3"),
        ("truncation", "--psis=1,-2", "--truncation_cutoff=3"),
    )
    def test_every_figure_is_drawn_the_same_twice(self, figure, *arguments):
        written = []
        for name in ("a.png", "b.png"):
            answer = self.draw(figure, _NETWORK, *arguments, name=name)
            self.assertEqual(answer.code, 0, answer.errors)
            written.append((self.folder / name).read_bytes())
        self.assertEqual(*written)

    @parameterized.parameters(("mixing", 4), ("mixing", 2), ("noise", 4))
    def test_styles_of_a_file_are_drawn(self, figure, count):
        generator = generators.open(f"{running.ROOT}/tests/fixtures/quickstart")
        ws = generator.map(generator.latents(range(count)))
        noise = [
            np.zeros((count, *shape, 1), np.float32)
            for shape in generator.noise_shapes
        ]
        path = pathlib.Path(self.create_tempdir().full_path) / "x.npz"
        latent_files.write(path, ws, noise)
        answer = self.draw(figure, _NETWORK, f"--ws={path}")
        self.assertEqual(answer.code, 0, answer.errors)

    def test_of_networks_with_labels_a_row_is_a_class(self):
        bound = generators.of_snapshot(exports.snapshot("labels"))
        self.enterContext(
            mock.patch.object(generators, "open", lambda path: bound)
        )
        network = "--network=labels"
        named = ("plain", "glasses", "hat")
        self.enterContext(mock.patch.object(bound.config, "label_names", named))
        for chosen in ("0,2", "1-2,plain"):
            answer = self.draw(
                "grid", network, f"--classes={chosen}", "--seeds=0-3"
            )
            self.assertEqual(answer.code, 0, answer.errors)
        answer = self.draw("uncurated", network)
        self.assertEqual(answer.code, 0, answer.errors)
        (self.folder / "x.png").unlink()
        message = "--classes must be 0 to 2 or a name: this network has 3"
        self.assert_refused(message, "grid", network, "--classes=3")
        message = "--class is needed: this network has 3 classes, 0 to 2"
        self.assert_refused(message, "mixing", network)
        message = "whose rows are --classes and whose columns are --seeds"
        self.assert_refused(message, "grid", network, "--grid=2x2")

    def test_what_progan_has_not_is_said_before_a_class_is_asked_for(self):
        bound = generators.of_snapshot(exports.snapshot("progan"))
        self.enterContext(
            mock.patch.object(generators, "open", lambda path: bound)
        )
        for figure, message in (
            ("mixing", "has no styles by layer"),
            ("stochastic", "has no noise inputs"),
            ("noise", "has no noise inputs"),
            ("truncation", "has no mean w"),
        ):
            self.assert_refused(message, figure, "--network=progan")

    def test_a_dry_run_writes_nothing(self):
        answer = self.draw("mixing", _NETWORK, "--dry_run")
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("figure mixing to ", answer.output)
        self.assertEmpty([*self.folder.iterdir()])


if __name__ == "__main__":
    tf.test.main()
