"""Commands that are printed can be pasted into a shell as they are."""

import os
import sys
from unittest import mock

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import commands, terminal
from tests.helpers import running


class LineTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("runs/faces",),
        ("my faces",),
        ("it's",),
        ("$HOME;`ls`",),
        ("~/faces",),
        ("(3, 4)",),
        ("a\nb",),
        ("\x1b[31mred 'x' \\y",),
        (os.fsdecode(b"caf\xe9"),),
    )
    def test_a_shell_reads_what_was_meant(self, value):
        line = commands.line("generate", f"--network={value}", "--seeds=1")
        self.assertEqual(terminal.escaped(line), line)
        words = running.words_of(line)
        self.assertEqual(
            words[-3:], ["tools.generate", f"--network={value}", "--seeds=1"]
        )

    def test_what_is_given_again_stands_once(self):
        arguments = ["--a=1", "--b", "2", "--dry_run", "--a=3", "--b=4"]
        self.assertEqual(
            commands.last_of_each(arguments), ["--dry_run", "--a=3", "--b=4"]
        )
        line = commands.line("train", "--x.y=1", "-x.y=2")
        self.assertEndsWith(line, "tools.train -x.y=2")

    def test_a_value_of_its_own_goes_with_its_flag(self):
        arguments = ["--network", "a", "--seeds", "1", "--network", "b"]
        self.assertEqual(
            commands.last_of_each(arguments),
            ["--seeds", "1", "--network", "b"],
        )

    def test_a_wheel_s_tools_have_its_command(self):
        with mock.patch.dict(os.environ, STYLEGAN_TF_COMMAND="stylegan-tf"):
            line = commands.line("generate", "--seeds=1")
        self.assertEqual(line, "stylegan-tf generate --seeds=1")

    def test_an_environment_below_the_working_folder_is_named(self):
        path = os.path.join(os.getcwd(), "my venv", "python")
        with mock.patch.object(sys, "executable", path):
            self.assertEqual(
                commands.program("train"), "'my venv/python' -m tools.train"
            )


if __name__ == "__main__":
    tf.test.main()
