"""tools.directions as a user calls it."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators
from stylegan_tf.editing import direction_files
from tests.helpers import exports, running

_NETWORK = "tests/fixtures/quickstart"


def _run(*arguments, network=_NETWORK):
    return running.run("directions", f"--network={network}", *arguments)


@pytest.mark.slow
class DirectionsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.file = self.folder / "found.npz"

    def _made(self, *arguments, **network):
        answer = _run(f"--output={self.file}", *arguments, **network)
        self.assertEqual(answer.code, 0, answer.errors)
        return direction_files.read(self.file), answer.output

    def test_supervised_directions_are_found_shown_and_taken(self):
        names = ("glasses", "beard", "smile", "hair")
        picture = self.folder / "strips.png"
        found, output = self._made(
            "--attributes=glasses,beard=facial_hair,smile,hair=long_hair",
            "--images=200",
            f"--picture={picture}",
            "--seeds=0,1",
            "--names=glasses,hair",
            "--amounts=-2,0,2",
        )
        self.assertEqual(tuple(found), names)
        self.assertRegex(output, r"beard +layers 0-7, spread \d")
        for each in found.values():
            self.assertAllClose(np.linalg.norm(each.vector), 1.0)
        width, height = Image.open(picture).size
        self.assertGreater(height, width)  # 4 rows of 3
        again, _ = self._made(
            f"--source={self.file}", "--orthogonal_to=glasses"
        )
        for name in names[1:]:
            product = again[name].vector @ again["glasses"].vector
            self.assertAllClose(product, 0.0, atol=1e-6)
        answer = running.run(
            "generate",
            f"--network={_NETWORK}",
            f"--directions={self.file}",
            "--direction=glasses:2.5",
            "--seeds=0",
            f"--output={self.folder / 'out'}",
        )
        self.assertEqual(answer.code, 0, answer.errors)

    def test_sefa_and_pca_take_layers_and_the_same_bytes_come_again(self):
        for method in ("sefa", "pca"):
            arguments = (f"--method={method}", "--count=3", "--layers=0-2")
            arguments += ("--images=100",)
            found, _ = self._made(*arguments)
            first = self.file.read_bytes()
            self.assertEqual(list(found), [f"{method}{i}" for i in range(3)])
            self.assertEqual(
                {(d.first, d.last) for d in found.values()}, {(0, 3)}
            )
            vectors = np.array([each.vector for each in found.values()])
            self.assertAllClose(vectors @ vectors.T, np.eye(3), atol=1e-6)
            self._made(*arguments)
            self.assertEqual(self.file.read_bytes(), first)

    def test_what_is_not_there_and_what_is_not_shown_is_said(self):
        picture = self.folder / "strips.png"
        answer = _run(
            "--method=sefa",
            "--count=500",
            "--images=32",
            "--seeds=0",
            f"--picture={picture}",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn(
            "--count=500: sefa finds 128 here, no more", answer.errors
        )
        self.assertIn("strips of 4 directions", answer.output)
        self.assertIn(
            "shows the first 4 of 128 directions; --names=sefa4,sefa5,sefa6,"
            "sefa7 shows others",
            answer.errors,
        )

    def test_labels_of_a_data_set_in_place_of_classifiers(self):
        found, output = self._made(
            "--dataset=bundled",
            "--features=offline",
            "--attributes=glasses,smile",
            "--images=64",
            "--given=-glasses",
        )
        self.assertEqual(list(found), ["glasses", "smile"])
        self.assertRegex(output, r"tell: glasses [19]\d+.\d%, smile 9")

    def test_the_table_compares_all_methods(self):
        answer = _run("--table", "--images=64", "--measured=8", "--count=1")
        self.assertEqual(answer.code, 0, answer.errors)
        methods = ("sefa", "pca", "svm", "svm, orthogonal", "ridge")
        for method in (*methods, "ridge, orthogonal"):
            self.assertRegex(answer.output, rf"\n{method}  +mean  +-?\d")

    @parameterized.parameters("labels", "fading", "progan")
    def test_other_networks_and_saved_models(self, kind):
        path = exports.folder(kind)
        arguments = ("--images=32", "--count=2")
        found, _ = self._made("--images=32", network=path)
        self.assertLen(found, 4)
        sefa = _run(
            "--method=sefa", *arguments, f"--output={self.file}", network=path
        )
        self.assertIn("SavedModel does not show", sefa.errors)
        pca = _run(
            "--method=pca", *arguments, f"--output={self.file}", network=path
        )
        self.assertEqual(pca.code, int(kind == "progan"), pca.errors)
        generator = generators.open(path)
        each = found["glasses"]
        self.assertEqual(each.last, generator.ws_shape[0])

    def test_a_dry_run_writes_nothing(self):
        answer = _run(f"--output={self.file}", "--dry_run")
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertRegex(answer.output, "supervised .* glasses, .* offline")
        self.assertFalse(self.file.exists())


class MistakesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ([], "give --output=FILE.npz, --picture=FILE.png or --table"),
        (["--output=a.txt"], "must end in .npz"),
        (["--output=a.npz", "--method=sefa", "--fit=svm"], "--fit is not for"),
        (["--output=a.npz", "--method=pca", "--attributes=a"], "no say here"),
        (["--output=a.npz", "--source=b.npz", "--layers=1"], "is not for --so"),
        (["--output=a.npz", "--count=3"], "is for --method=sefa and pca"),
        (["--output=a.npz", "--amounts=1"], "--amounts is for --picture"),
        (["--output=a.npz", "--features=auto"], "--features is for --dataset"),
        (["--output=a.npz", "--fit=svm", "--damping=2"], "is for --fit=ridge"),
        (["--table", "--fit=svm"], "--fit has no say"),
        (["--table", "--dataset=b", "--classifiers=c"], "is not for --dataset"),
        (["--picture=a.png", "--amounts=1,b"], "--amounts must be numbers"),
    )
    def test_flags_that_do_not_go_together(self, arguments, message):
        answer = _run(*arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)

    @parameterized.parameters(
        (["--layers=3-9"], "layers 0 to 7. Received: 3-9"),
        (["--method=sefa", "--layers=7"], "No style layer but to_rgb"),
        (["--attributes=glases"], "Did you mean `glasses`"),
        (["--given=-glases"], "--given: there is no `glases`. Did you mean"),
        (["--orthogonal_to=x"], "--orthogonal_to: there is no `x`"),
        (["--picture=a.png", "--names=x"], "--names: there is no `x`"),
        (["--source=missing.npz"], "missing.npz"),
    )
    @pytest.mark.slow
    def test_what_the_network_or_the_data_lack(self, arguments, message):
        answer = _run("--output=a.npz", "--images=32", *arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)


if __name__ == "__main__":
    tf.test.main()
