"""The command of an installed wheel: `stylegan-tf train ...` runs tools.train.

A wheel carries the folders `tools` and `configs` under
`stylegan_tf/programs`; a clone has them beside the package.
"""

import ast
import os
import pathlib
import runpy
import sys

from stylegan_tf import columns, suggest

_PACKAGE = pathlib.Path(__file__).resolve().parents[1]
# To be copied to machines that have neither TensorFlow nor this package.
_COPIED = "run_stablehlo"


def main(argv=None):
    """Runs the tool that the first argument names; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help", "help"):
        print(_help())
        return 0
    if name not in commands():
        print(_refusal(name), file=sys.stderr)
        return 1
    sys.path.insert(0, str(root()))
    os.environ["STYLEGAN_TF_COMMAND"] = "stylegan-tf"  # what hints say
    sys.argv = arguments
    runpy.run_module(f"tools.{name}", run_name="__main__", alter_sys=True)
    return 0


def commands():
    """Sorted names of the tools."""
    paths = (root() / "tools").glob("*.py")
    names = {path.stem for path in paths if path.stem[0] != "_"}
    return sorted(names - {_COPIED})


def root():
    """The folder that holds `tools` and `configs`."""
    programs = _PACKAGE / "programs"
    return programs if programs.is_dir() else _PACKAGE.parent


def _help():
    rows = []
    for name in commands():
        source = (root() / "tools" / f"{name}.py").read_text()
        rows.append((name, ast.get_docstring(ast.parse(source)).split("\n")[0]))
    usage = "usage: stylegan-tf COMMAND [--help] [--FLAG=VALUE ...]"
    return f"{usage}\n\n{columns.aligned(rows, indent='  ')}"


def _refusal(name):
    problem = f"unknown command `{name}`." if name else "no command given."
    hint = suggest.closest(name, commands()) if name else ""
    return f"stylegan-tf: {problem}{hint} Commands: {', '.join(commands())}"
