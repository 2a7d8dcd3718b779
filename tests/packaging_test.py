"""pyproject.toml, the wheel's contents and the command `stylegan-tf`."""

import ast
import contextlib
import io
import pathlib
import re
import subprocess
import sys
import tomllib

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.command_line import configs, program

_ROOT = pathlib.Path(__file__).parents[1]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text())
_SETUPTOOLS = _PROJECT["tool"]["setuptools"]
_REQUIREMENT = re.compile(r"[\w.-]+(\[[\w,-]+\])?>=\d+(\.\d+)*,<\d+(\.\d+)*$")
_CALL = "from stylegan_tf.command_line import program; program.main()"
# Not the one that is copied to machines without the package.
_TOOLS = sorted(
    path
    for path in (_ROOT / "tools").glob("[!_]*.py")
    if path.stem != "run_stablehlo"
)


def _requirements():
    lines = (_ROOT / "requirements.txt").read_text().splitlines()
    core = [line for line in lines if line and not line.startswith("#")]
    extras = _PROJECT["project"]["optional-dependencies"]
    return core + [line for lines in extras.values() for line in lines]


class PackagingTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_requirements())
    def test_every_requirement_is_a_closed_range(self, line):
        self.assertRegex(line, _REQUIREMENT)

    def test_the_version_is_a_literal_of_the_package(self):
        tree = ast.parse((_ROOT / "stylegan_tf" / "version.py").read_text())
        versions = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign)
            and node.targets[0].id == "__version__"
        ]
        self.assertLen(versions, 1)
        self.assertRegex(versions[0], r"\d+\.\d+\.\d+$")

    def test_the_wheel_lists_every_package(self):
        folders = {
            path.parent.relative_to(_ROOT).as_posix().replace("/", ".")
            for path in (_ROOT / "stylegan_tf").rglob("*.py")
        }
        listed = set(_SETUPTOOLS["packages"])
        programs = {
            f"stylegan_tf.programs.{each}" for each in ("tools", "configs")
        }
        self.assertEqual(
            listed, folders | programs, "mend `packages` in pyproject.toml"
        )

    def test_the_wheel_carries_the_bundled_images_and_the_page(self):
        patterns = _SETUPTOOLS["package-data"]["stylegan_tf"]
        carried = {
            path.name
            for pattern in patterns
            for path in (_ROOT / "stylegan_tf").glob(pattern)
        }
        self.assertIn("cartoon_faces_32.zip", carried)
        self.assertTrue(any("LICENSE" in name for name in carried))
        self.assertContainsSubset(
            {"index.html", "LICENSE.onnxruntime"}, carried
        )

    def test_the_files_that_the_project_names_exist(self):
        project = _PROJECT["project"]
        for name in (project["readme"], *project["license-files"]):
            self.assertTrue((_ROOT / name).is_file(), name)

    @parameterized.parameters(*_TOOLS)
    def test_every_tool_has_a_main_and_a_summary(self, path):
        tree = ast.parse(path.read_text())
        names = {each.name for each in tree.body if hasattr(each, "name")}
        self.assertIn("main", names)
        self.assertIn(path.stem, program.commands())
        self.assertNotEmpty(ast.get_docstring(tree))

    def test_an_unknown_command_is_one_line_with_the_list(self):
        printed = io.StringIO()
        with contextlib.redirect_stderr(printed):
            self.assertEqual(program.main(["docter"]), 1)
        (line,) = printed.getvalue().strip().split("\n")
        self.assertIn("Did you mean `doctor`?", line)
        for path in _TOOLS:
            self.assertIn(path.stem, line)

    def test_help_lists_the_tools(self):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self.assertEqual(program.main(["--help"]), 0)
        for path in _TOOLS:
            self.assertIn(path.stem, printed.getvalue())

    def test_a_bundled_config_is_found_from_any_folder(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        self.enterContext(contextlib.chdir(folder))
        config = configs.load("configs/stylegan2.py:f")
        self.assertEqual(config.name, "stylegan2-f")
        own = folder / "configs" / "stylegan2.py"
        own.parent.mkdir()
        own.write_text("VARIANTS = ('mine',)")
        self.assertEqual(
            configs.module("configs/stylegan2.py").VARIANTS, ("mine",)
        )

    def test_the_command_runs_a_tool_and_suggests_itself(self):
        run = pathlib.Path(self.create_tempdir().full_path)
        (run / "snapshots" / "0000000064").mkdir(parents=True)
        answer = subprocess.run(
            [sys.executable, "-c", _CALL, "train", f"--workdir={run}"],
            capture_output=True,
            text=True,
            cwd=_ROOT,
            timeout=60,
        )
        self.assertEqual(answer.returncode, 1)
        self.assertStartsWith(answer.stderr, "train: --config is needed.")
        self.assertIn(f": stylegan-tf train --init_from={run} ", answer.stderr)
        self.assertNotIn("Traceback", answer.stderr)


if __name__ == "__main__":
    tf.test.main()
