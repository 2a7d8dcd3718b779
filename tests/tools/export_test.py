"""tools.export as a user calls it."""

import json
import pathlib

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import commands
from stylegan_tf.editing import direction_files
from stylegan_tf.export import output
from tests.helpers import exports, running, sites

_NETWORK = f"--network={running.ROOT}/tests/fixtures/quickstart"


class OutputTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("saved_model", "export/faces", "export/faces"),
        ("onnx", "faces", "faces.onnx"),
        ("onnx", "faces.onnx", "faces.onnx"),
        ("litert", "faces", "faces.tflite"),
        ("keras", "faces", "faces.keras"),
        ("keras", "faces.weights.h5", "faces.weights.h5"),
        ("npz", "faces", "faces.npz"),
        ("web", "site/", "site"),
    )
    def test_a_format_has_its_suffix(self, format, given, expected):
        path = output.with_suffix(given, format)
        self.assertEqual(path, pathlib.Path(expected))

    def test_another_format_s_suffix_is_refused(self):
        with self.assertRaisesRegex(ValueError, "its suffix is .tflite"):
            output.with_suffix("faces.onnx", "litert")


@pytest.mark.slow
class ExportTest(tf.test.TestCase):
    def test_writes_once_and_says_how_far_off_it_is(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "mapping.onnx"
        arguments = ["export", _NETWORK, "--format=onnx", "--part=mapping"]
        arguments.append(f"--output={path}")
        dry = running.run(*arguments, "--dry_run")
        self.assertEqual(dry.code, 0, dry.errors)
        self.assertFalse(path.exists())
        made = running.run(*arguments)
        self.assertEqual(made.code, 0, made.errors)
        self.assertRegex(
            made.output, r"mapping: largest difference from the network: \S+\n"
        )
        self.assertTrue(path.exists())
        again = running.run(*arguments)
        self.assertEqual(again.code, 1)
        self.assertIn("exists already", again.errors)
        self.assertNotIn("Traceback", again.errors)

    def test_a_model_gets_one_version_after_the_other(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "faces"
        arguments = ["export", _NETWORK, f"--output={path}"]
        dry = running.run(*arguments, "--dry_run")
        self.assertEndsWith(dry.output, f" to {path}/1\n")
        self.assertFalse(path.exists())
        (path / "1").mkdir(parents=True)
        (path / "1" / "saved_model.pb").touch()
        dry = running.run(*arguments, "--dry_run")
        self.assertEndsWith(dry.output, f" to {path}/2\n")
        made = running.run(*arguments)
        self.assertEqual(made.code, 0, made.errors)
        serve = commands.line("serve", f"--model={path}")
        self.assertEndsWith(
            made.output, f"{path}/2 is written.\nServe it: {serve}\n"
        )
        self.assertCountEqual([path / "1", path / "2"], path.iterdir())
        again = running.run("export", _NETWORK, f"--output={path / '1'}")
        self.assertEqual(again.code, 1)
        self.assertIn(f"give the model's folder, such as {path}", again.errors)

    def test_writes_a_page_and_says_how_to_see_it(self):
        sites.runtime_files()
        folder = pathlib.Path(self.create_tempdir().full_path)
        path, found = folder / "my site", folder / "found.npz"
        direction_files.write(found, sites.directions(sites.snapshot()))
        arguments = ["export", _NETWORK, "--format=web", f"--output={path}/"]
        made = running.run(*arguments, f"--directions={found}")
        self.assertEqual(made.code, 0, made.errors)
        self.assertRegex(made.output, r"(?s)mapping: .*synthesis: ")
        self.assertIn(
            f"-m http.server --bind 127.0.0.1 -d '{path}'\n", made.output
        )
        card = json.loads((path / "model" / "model.json").read_text())
        self.assertLen(card["directions"], 2)
        again = running.run(*arguments)
        self.assertIn("exists already", again.errors)

    def test_a_page_of_wrong_parts_is_refused_in_one_line(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        path, found = folder / "site", folder / "found.npz"
        other = exports.snapshot("skip")
        direction_files.write(found, sites.directions(other))
        for arguments, problem in (
            ([f"--directions={found}"], "'all' is not of this network"),
            ([f"--runtime={folder}"], "holds no dist/ort.wasm.min.mjs"),
            (["--dry_run", f"--runtime={folder}"], "holds no dist/ort"),
            (["--part=mapping"], "is for onnx and litert. Received: --format"),
            (["--format=npz", f"--runtime={folder}"], "--runtime is for web."),
        ):
            given = ["--format=web", f"--output={path}", *arguments]
            answer = running.run("export", _NETWORK, *given)
            self.assertEqual(answer.code, 1)
            self.assertLen(answer.errors.splitlines(), 1)
            self.assertIn(problem, answer.errors)
            self.assertEqual([*folder.iterdir()], [found])


if __name__ == "__main__":
    tf.test.main()
