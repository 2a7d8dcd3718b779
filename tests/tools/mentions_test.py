"""Every option that a message, a docstring or a page names exists."""

import ast
import functools
import re

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.command_line import program
from tests.helpers import running

_OPTION = re.compile(r"(?<![\w-])--([a-z][\w.]*[a-z\d])(?![\w-])")
_OTHERS = {  # of TensorBoard, Python, Docker, TensorFlow Serving, Gradio
    "logdir",
    "bind",
    "rm",
    "gpus",
    "enable_batching",
    "batching_parameters_file",
    "range_progress",
}
_FIELDS = {"FIELD", "NAME"}  # stand for any


@functools.cache
def _known():
    """Names of the flags of all tools."""
    names = {"help", *_OTHERS}
    for tool in program.commands():
        names |= running.flags_of(tool)
    return names


def _texts(path):
    """Lines of Python's strings, or of a page."""
    if path.suffix != ".py":
        return path.read_text().splitlines()
    return [
        line
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for line in node.value.splitlines()
    ]


class MentionsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        "stylegan_tf", "tools", "configs", "docs", "README.md"
    )
    @pytest.mark.slow
    def test_they_exist(self, place):
        root = running.ROOT / place
        paths = [root]
        if root.is_dir():
            suffix = "md" if place == "docs" else "py"
            paths = sorted(root.rglob(f"*.{suffix}"))
        unknown = [
            f"{path.relative_to(running.ROOT)}: --{name}"
            for path in paths
            for text in _texts(path)
            for name in _OPTION.findall(text)
            if name not in _known() and name.split(".")[-1] not in _FIELDS
        ]
        self.assertEmpty(unknown)

    def test_one_that_does_not_is_found(self):
        self.assertEqual(
            _OPTION.findall("give --seed, --no.such=1"), ["seed", "no.such"]
        )
        self.assertNotIn("no.such", _known())
        self.assertIn("config.data.path", _known())


if __name__ == "__main__":
    tf.test.main()
