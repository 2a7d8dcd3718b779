"""The house rules of CONTRIBUTING.md, checked on the syntax tree.

Floors: an upper one may import only lower ones. Nothing is executed.
"""

import ast
import pathlib

import pytest
import tensorflow as tf
from absl.testing import parameterized

_ROOT = pathlib.Path(__file__).parents[1]
_MAX_FUNCTION_LINES = 60

# Rooms of one floor do not know each other, files of one room may.
FLOORS = (
    {
        "columns",
        "files",
        "processor",
        "quiet",
        "suggest",
        "terminal",
        "version",
    },
    {"cache", "commands", "cores", "environment", "pickles", "run_directory"},
    {"config", "images"},
    {
        "classes",
        "data",
        "latents",
        "model_card",
        "ops",
        "recipes",
        "rules",
        "snapshot_files",
    },
    {"layers"},
    {"networks", "losses", "augment", "downloads"},
    {"interop", "transfer"},
    {"features", "checkpoint"},
    {"generators"},
    {"pictures"},
    {"training", "metrics", "export"},
    {"evaluation", "editing", "serving", "doctor"},
    {"comparison", "studio", "command_line"},
    {"__init__"},  # `stylegan_tf.load`
)
_FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
# Rooms that may use even less than all that is below them.
_ONLY = {
    "serving": {"images", "model_card"},
    "configs": {"config", "recipes", "rules"},
}
_NO_TENSORFLOW = {"layers", "networks"}
_FLAG_MODULES = ("absl.flags", "absl.app", "argparse")


def problems(path, source):
    """What is wrong in one file, given its path from the root and text."""
    tree = ast.parse(source)
    found = _size_problems(path, tree)
    if source.strip() and not ast.get_docstring(tree):
        found.append("the module opens without a docstring")
    if not path.startswith("tests/"):
        found += [
            f"line {node.lineno}: assert outside tests"
            for node in ast.walk(tree)
            if isinstance(node, ast.Assert)
        ]
        found += [
            f"line {node.lineno}: prints; tools/ and command_line/ do"
            for node in ast.walk(tree)
            if _prints(node) and room_of(path) not in ("tools", "command_line")
        ]
        for line, module in _imports(path, tree):
            found += [
                f"line {line}: {problem}"
                for problem in _import_problems(path, module)
            ]
    return [f"{path}: {problem}" for problem in found]


def room_of(path):
    """`ops` of stylegan_tf/ops/x.py, `losses` of stylegan_tf/losses.py."""
    parts = path.removesuffix(".py").split("/")
    return parts[1] if parts[0] == "stylegan_tf" else parts[0]


def _size_problems(path, tree):
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > _MAX_FUNCTION_LINES:
                found.append(
                    f"line {node.lineno}: `{node.name}` has {length} lines, "
                    f"at most {_MAX_FUNCTION_LINES}"
                )
    return found


def _imports(path, tree):
    """Pairs (line, dotted name) of all that the module imports, anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            package = path.split("/")[: -node.level] if node.level else []
            base = ".".join(package + ([node.module] if node.module else []))
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def _prints(node):
    """Whether it is a print to standard output; notes go to another file."""
    return (
        isinstance(node, ast.Call)
        and getattr(node.func, "id", None) == "print"
        and all(keyword.arg != "file" for keyword in node.keywords)
    )


def _import_problems(path, module):
    here = room_of(path)
    parts = module.split(".")
    is_tool = path.startswith("tools/")
    if here in _NO_TENSORFLOW and parts[0] in ("tensorflow", "tf_keras"):
        yield f"{here} import keras only, never {parts[0]}"
    if not (is_tool or here == "command_line") and any(
        module == each or module.startswith(f"{each}.")
        for each in _FLAG_MODULES
    ):
        if not path.startswith("configs/"):
            yield f"{module}: flags live in tools/ and command_line/ only"
    if parts[0] in ("tools", "configs", "tests") and not is_tool:
        if here != parts[0]:
            yield f"{here} must not import {module}"
    if parts[0] == "stylegan_tf" and not is_tool:
        there = parts[1] if parts[1:] and parts[1] in _FLOOR else "__init__"
        if parts[1:] and parts[1] not in _FLOOR and _is_module(parts[1]):
            yield f"{parts[1]} has no floor; give it one in FLOORS"
        elif not _may_import(here, there):
            yield f"{here} must not import {there} ({module})"


def _is_module(name):
    folder = _ROOT / "stylegan_tf"
    return (folder / name).is_dir() or (folder / f"{name}.py").exists()


def _may_import(here, there):
    if here in _ONLY:
        return there in _ONLY[here] or here == there
    return here == there or _FLOOR.get(here, -1) > _FLOOR[there]


def _tree():
    for folder in ("stylegan_tf", "tools", "configs", "tests"):
        for path in sorted((_ROOT / folder).rglob("*.py")):
            yield path.relative_to(_ROOT).as_posix(), path.read_text()


class ArchitectureTest(tf.test.TestCase, parameterized.TestCase):
    @pytest.mark.slow
    def test_the_tree_keeps_the_rules(self):
        found = [
            each for path, text in _tree() for each in problems(path, text)
        ]
        self.assertEmpty(found, "\n".join(found))

    def test_every_room_has_a_floor(self):
        rooms = {room_of(path) for path, _ in _tree() if path[0] == "s"}
        self.assertEmpty(rooms - set(_FLOOR))

    def test_contributing_shows_every_room_on_its_floor(self):
        page = (_ROOT / "CONTRIBUTING.md").read_text()
        for number, rooms in enumerate(FLOORS):
            there = sorted(filter(_is_module, rooms - {"__init__"}))
            self.assertIn(f"{number:2}  {' '.join(there)}", page)

    @parameterized.parameters(
        ("ops/a.py", "from stylegan_tf.layers import noise", "ops must not"),
        ("ops/a.py", "from stylegan_tf import networks", "ops must not"),
        ("ops/a.py", "import stylegan_tf.training.loop", "ops must not"),
        ("ops/a.py", "from ..losses import r1_penalty", "ops must not"),
        ("ops/a.py", "from stylegan_tf.data import records", "ops must not"),
        ("ops/a.py", "from stylegan_tf import load", "ops must not"),
        ("ops/a.py", "def f():\n    import tools.train", "ops must not"),
        ("layers/a.py", "import tensorflow as tf", "keras only"),
        ("networks/a.py", "from tensorflow import math", "keras only"),
        ("training/a.py", "from stylegan_tf.metrics import fid", "training"),
        ("editing/a.py", "from stylegan_tf import comparison", "editing"),
        ("serving/a.py", "from stylegan_tf import config", "serving must"),
        ("losses.py", "from absl import flags", "flags live in tools"),
        ("losses.py", "import argparse", "flags live in tools"),
        ("losses.py", "assert 1", "assert outside tests"),
        ("losses.py", "print(1)", "tools/ and command_line/ do"),
        ("config.py", "from stylegan_tf import images", "config must not"),
    )
    def test_a_made_up_violation_is_found(self, path, code, problem):
        source = f'"""A module."""\n\n{code}\n'
        (found,) = problems(f"stylegan_tf/{path}", source)
        self.assertIn(problem, found)

    @parameterized.parameters(
        ("stylegan_tf/layers/a.py", "from stylegan_tf.ops import resample"),
        ("stylegan_tf/layers/a.py", "from stylegan_tf.layers import noise"),
        ("stylegan_tf/layers/a.py", "from ..ops import resample"),
        ("stylegan_tf/layers/a.py", "import keras"),
        ("stylegan_tf/ops/a.py", "import tensorflow as tf"),
        ("stylegan_tf/__init__.py", "from stylegan_tf import checkpoint"),
        ("tools/a.py", "from absl import flags\nimport stylegan_tf"),
        ("stylegan_tf/command_line/a.py", "from absl import flags\nprint(1)"),
        ("stylegan_tf/losses.py", "import sys\nprint(1, file=sys.stderr)"),
        ("tools/a.py", "from stylegan_tf.training import loop"),
        ("configs/a.py", "from stylegan_tf import config"),
        ("tests/a_test.py", "from tools import train\nassert train"),
    )
    def test_what_the_rules_allow_is_no_problem(self, path, code):
        self.assertEqual(problems(path, f'"""A module."""\n\n{code}\n'), [])

    def test_length_and_docstring_are_checked(self):
        body = "    x = 1\n" * 300
        found = problems("stylegan_tf/ops/a.py", f"def long():\n{body}")
        self.assertEqual(len(found), 2)
        self.assertIn("at most 60", found[0])
        self.assertIn("docstring", found[1])
        self.assertEqual(problems("stylegan_tf/ops/__init__.py", ""), [])
        for lines, count in ((59, 0), (60, 1)):  # and the first
            code = '"""Loop."""\n\n\ndef train():\n' + "    x = 1\n" * lines
            found = problems("stylegan_tf/training/loop.py", code)
            self.assertLen(found, count)
        config = '"""A."""\nimport stylegan_tf.ops\n'
        self.assertNotEmpty(problems("configs/a.py", config))


if __name__ == "__main__":
    tf.test.main()
