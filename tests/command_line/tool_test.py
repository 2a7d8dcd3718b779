"""How every tool starts and ends: paths, odd names, mistakes in one line."""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.command_line import program, values
from stylegan_tf.command_line import tool as tool_lib
from tests.helpers import running

# Imports every tool, each without the flags of the last.
_IMPORTS = """
import importlib, sys
from absl import flags
from stylegan_tf.command_line import program

for name in program.commands():
    importlib.import_module(f"tools.{name}")
    for defined in list(flags.FLAGS):
        delattr(flags.FLAGS, defined)
    print(name, "tensorflow" in sys.modules)
"""


class PathsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.home = pathlib.Path(self.create_tempdir().full_path)
        self.enterContext(mock.patch.dict(os.environ, HOME=str(self.home)))

    @parameterized.parameters(
        ("--output=~/out", "--output={home}/out"),
        ("-output=~", "-output={home}"),
        ("~/out", "{home}/out"),
        ("--features=a,~/b", "--features=a,{home}/b"),
        ("--config=~/c.py:f", "--config={home}/c.py:f"),
        ("--config.data.path=~/d", "--config.data.path={home}/d"),
        ("--output=a~/b", "--output=a~/b"),
        ("--output=./~/b", "--output=./~/b"),
        ("--dry_run", "--dry_run"),
    )
    def test_home_is_meant_where_a_path_begins_with_it(self, given, expected):
        self.assertEqual(
            values.with_home(given), expected.format(home=self.home)
        )

    @pytest.mark.slow
    def test_a_tool_writes_there_and_prints_the_whole_path(self):
        answer = running.run(
            "prepare_dataset",
            "--source=bundled",
            "--output=~/data",
            "--max_images=8",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertTrue((self.home / "data" / "dataset.json").exists())
        self.assertIn(f"--config.data.path={self.home}/data", answer.output)
        self.assertFalse(os.path.exists("~"))

    @parameterized.parameters(
        ("train", "--init_from=~/x"),
        ("import_network", "--source=~/x", "--output=~/y"),
        ("generate", "--network=~/x", "--output=~/y"),
        ("evaluate", "--network=~/x"),
        ("export", "--network=~/x", "--output=~/y"),
        ("prepare_dataset", "--source=~/x", "--output=~/y"),
        ("train_classifier", "--dataset=~/x", "--output=~/y"),
    )
    def test_every_tool_looks_there(self, tool, *arguments):
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(f"{self.home}/x", answer.errors)
        self.assertFalse(os.path.exists("~"))

    def test_flags_in_a_file_are_expanded(self):
        (self.home / "flags").write_text("--output=~/y\n--network=~/x\n")
        answer = running.run("generate", "--flagfile=~/flags")
        self.assertIn(f"{self.home}/x: no such", answer.errors)


class HelpTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*program.commands())
    def test_it_lists_every_flag_of_the_tool_and_is_no_failure(self, tool):
        answer = running.run(tool, "--help")
        self.assertEqual((answer.code, answer.errors), (0, ""))
        for name in running.flags_of(tool):
            if not name.startswith("config."):
                self.assertRegex(answer.output, rf"\n  --(\[no\])?{name}: ")
        self.assertNotRegex(answer.output, r"\n  --(\[no\])?config\.")


class MistakesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.product(
        tool=program.commands(),
        mistake=[
            ("--no_such_flag", "Unknown command line flag"),
            ("word", "unexpected argument 'word'"),
        ],
    )
    def test_every_tool_says_them_in_the_same_way(self, tool, mistake):
        argument, message = mistake
        answer = running.run(tool, argument)
        self.assertEqual(answer.code, 1)
        self.assertStartsWith(answer.errors, f"{tool}: ")
        self.assertIn(message, answer.errors)
        self.assertIn("--help", answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)
        self.assertEmpty(answer.output)

    def test_nothing_that_a_terminal_obeys_is_printed(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            code = tool_lib._refuse("a\x1b[2J\nb\udce9")
        self.assertEqual(code, 1)
        self.assertEndsWith(errors.getvalue(), ": a\\x1b[2J\nb\\xe9\n")

    def test_an_interruption_is_told(self):
        for error, told in (
            (KeyboardInterrupt(), "interrupted"),
            (KeyboardInterrupt("stopped"), "stopped"),
        ):
            errors = io.StringIO()
            with contextlib.redirect_stderr(errors):
                tool_lib._guarded(mock.Mock(side_effect=error), ["x"])
            self.assertEndsWith(errors.getvalue(), f": {told}\n")


class StartTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_tensorflow_is_imported_quietly_and_so_not_at_the_top(self):
        output, errors = _python("-c", _IMPORTS)
        expected = [f"{name} False" for name in program.commands()]
        self.assertEqual((output.splitlines(), errors), (expected, ""))

    @pytest.mark.slow
    def test_preparing_prints_no_notices(self):
        folder = self.create_tempdir().full_path
        _, errors = _python(
            "-m",
            "tools.prepare_dataset",
            "--source=bundled",
            f"--output={folder}/x",
            "--max_images=8",
        )
        self.assertEqual(errors, "")


def _python(*arguments):
    """Standard output and error of a process without settings of TensorFlow."""
    variables = {k: v for k, v in os.environ.items() if k[:3] != "TF_"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=running.ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout, done.stderr


class WarningsTest(tf.test.TestCase):
    def test_a_warning_is_one_line_without_code(self):
        errors = io.StringIO()
        with mock.patch.object(sys, "argv", ["tools/train.py"]):
            tool_lib._warn(
                UserWarning("odd \x1b name"), UserWarning, "a.py", 1, errors
            )
        self.assertEqual(errors.getvalue(), "train: warning: odd \\x1b name\n")


class PipeTest(tf.test.TestCase):
    def test_a_reader_that_leaves_early_ends_the_tool_without_a_word(self):
        command = f"{sys.executable} -m tools.import_network --list"
        script = f"set -o pipefail; {command} | true"
        done = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True
        )
        self.assertEqual((done.returncode, done.stderr), (141, ""))


if __name__ == "__main__":
    tf.test.main()
