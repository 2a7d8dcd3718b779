"""The notebooks run from top to bottom, and hold no outputs."""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
from unittest import mock

import nbclient
import nbformat
import pytest
import tensorflow as tf
from absl.testing import parameterized

_FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"
_NAMES = sorted(path.name for path in _FOLDER.glob("*.ipynb"))
# In place of those of the cell that is tagged `parameters`.
_SMALL = "seconds = 0.5\nsteps = 5\ncount = 300"


def _read(name):
    return nbformat.read(_FOLDER / name, as_version=4)


class NotebooksTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(
            self.enterContext(tempfile.TemporaryDirectory())
        )

    @parameterized.parameters(_NAMES)
    def test_outputs_are_stripped(self, name):
        notebook = _read(name)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            self.assertContainsSubset(cell.metadata, ["tags"])
            if cell.cell_type == "code":
                self.assertEmpty(cell.outputs)
                self.assertIsNone(cell.execution_count)
        self.assertContainsSubset(
            notebook.metadata, ["kernelspec", "language_info"]
        )

    @parameterized.parameters(_NAMES)
    def test_prose_stands_over_every_cell(self, name):
        kinds = [cell.cell_type for cell in _read(name).cells]
        for before, after in zip(kinds, kinds[1:], strict=False):
            self.assertIn("markdown", (before, after))

    @pytest.mark.slow
    def test_explore_runs(self):
        notebook = _read("explore.ipynb")
        (place,) = [
            index
            for index, cell in enumerate(notebook.cells)
            if "parameters" in cell.metadata.get("tags", ())
        ]
        small = nbformat.v4.new_code_cell(
            f"{_SMALL}\noutput = {str(self.folder)!r}"
        )
        notebook.cells.insert(place + 1, small)
        where = {"metadata": {"path": str(_FOLDER)}}
        nbclient.NotebookClient(
            notebook, timeout=600, resources=where
        ).execute()
        made = {path.name for path in self.folder.iterdir()}
        self.assertContainsSubset({"walk.mp4", "found.npz"}, made)
        pictures = [
            output
            for cell in notebook.cells
            for output in cell.get("outputs", ())
            if "image/png" in output.get("data", ())
        ]
        self.assertLen(pictures, len([n for n in made if n.endswith(".png")]))
        self.assertGreaterEqual(len(pictures), 6)

    def test_a_machine_without_a_checkout_gets_one(self):
        (setup,) = [c for c in _read("explore.ipynb").cells if c.id == "setup"]
        called = []

        def call(command, check):
            called.append([str(word) for word in command])
            if command[0] == "git":
                package = pathlib.Path(command[-1], "stylegan_tf")
                package.mkdir(parents=True)
                (package / "version.py").touch()

        place = str(self.folder.resolve() / "stylegan_tf")
        with (
            contextlib.chdir(self.folder),
            mock.patch.object(sys, "path", [*sys.path]),
            mock.patch.object(subprocess, "run", call),
        ):
            with self.assertRaisesRegex(ValueError, "set REPOSITORY"):
                exec(setup.source, {})
            known = setup.source.replace('REPOSITORY = ""', 'REPOSITORY = "x"')
            exec(known, {})
            self.assertEqual(str(pathlib.Path.cwd()), place)
            self.assertEqual(sys.path[0], place)
            self.assertLen(called, 2)
            exec(known, {})  # from inside, and again from where it was begun
            with contextlib.chdir(self.folder):
                exec(known, {})
        self.assertLen(called, 2)
        self.assertEqual(
            called[0][:2] + called[0][-2:], ["git", "clone", "x", place]
        )
        self.assertEqual(called[1][1:4], ["-m", "pip", "install"])


if __name__ == "__main__":
    tf.test.main()
