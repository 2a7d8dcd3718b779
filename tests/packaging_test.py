"""pyproject.toml, the wheel's contents and the command `stylegan-tf`."""

import ast
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest

from stylegan_tf import cli

_ROOT = pathlib.Path(__file__).parents[1]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text())
_SETUPTOOLS = _PROJECT["tool"]["setuptools"]
_REQUIREMENT = re.compile(r"[\w.-]+(\[[\w,-]+\])?>=\d+(\.\d+)*,<\d+(\.\d+)*$")
_TOOLS = sorted((_ROOT / "tools").glob("[!_]*.py"))


def _requirements():
    lines = (_ROOT / "requirements.txt").read_text().splitlines()
    core = [line for line in lines if line and not line.startswith("#")]
    extras = _PROJECT["project"]["optional-dependencies"]
    return core + [line for lines in extras.values() for line in lines]


@pytest.mark.parametrize("line", _requirements())
def test_every_requirement_is_a_closed_range(line):
    assert _REQUIREMENT.match(line), line


def test_the_version_is_a_literal_of_the_package():
    tree = ast.parse((_ROOT / "stylegan_tf" / "__init__.py").read_text())
    versions = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__version__"
    ]
    assert len(versions) == 1 and re.match(r"\d+\.\d+\.\d+$", versions[0])


def test_the_wheel_lists_every_package():
    folders = {
        path.parent.relative_to(_ROOT).as_posix().replace("/", ".")
        for path in (_ROOT / "stylegan_tf").rglob("*.py")
    }
    listed = set(_SETUPTOOLS["packages"])
    programs = {f"stylegan_tf.programs.{each}" for each in ("tools", "configs")}
    assert listed == folders | programs, "mend `packages` in pyproject.toml"


def test_the_wheel_carries_the_bundled_images():
    patterns = _SETUPTOOLS["package-data"]["stylegan_tf"]
    carried = {
        path.name
        for pattern in patterns
        for path in (_ROOT / "stylegan_tf").glob(pattern)
    }
    assert "cartoon_faces_32.zip" in carried
    assert any("LICENSE" in name for name in carried)


def test_the_files_that_the_project_names_exist():
    project = _PROJECT["project"]
    for name in (project["readme"], *project["license-files"]):
        assert (_ROOT / name).is_file(), name


@pytest.mark.parametrize("path", _TOOLS, ids=lambda path: path.stem)
def test_every_tool_has_a_main_and_a_summary(path):
    tree = ast.parse(path.read_text())
    names = {each.name for each in tree.body if hasattr(each, "name")}
    assert "main" in names
    assert path.stem in cli.commands()
    assert ast.get_docstring(tree)


def test_an_unknown_command_is_one_line_with_the_list(capsys):
    assert cli.main(["docter"]) == 1
    (line,) = capsys.readouterr().err.strip().split("\n")
    assert "Did you mean `doctor`?" in line
    assert all(path.stem in line for path in _TOOLS)


def test_help_lists_the_tools(capsys):
    assert cli.main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(path.stem in printed for path in _TOOLS)


def test_a_bundled_config_is_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "_root", lambda: pathlib.Path("/wheel"))
    find = cli._find_config
    root = pathlib.Path("/wheel")
    wanted = "--config=/wheel/configs/stylegan2.py:f"
    assert find("--config=configs/stylegan2.py:f", root) == wanted
    assert find("configs/tiny.py", root) == "/wheel/configs/tiny.py"
    assert find("--workdir=runs/a", root) == "--workdir=runs/a"
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "tiny.py").touch()
    assert find("configs/tiny.py", root) == "configs/tiny.py"


def test_the_command_runs_a_tool():
    answer = subprocess.run(
        [sys.executable, "-c", "from stylegan_tf import cli; cli.main()"]
        + ["doctor", "--nonsense"],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        timeout=60,
    )
    assert answer.returncode == 1
    assert "nonsense" in answer.stderr and "Traceback" not in answer.stderr
