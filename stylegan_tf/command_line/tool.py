"""How every tool starts and ends: flags in, one clear line on a mistake."""

import codecs
import io
import os
import pathlib
import sys
import warnings

from absl import app, flags, logging

from stylegan_tf import commands, suggest, terminal
from stylegan_tf import config as config_lib
from stylegan_tf.command_line import mistakes, values

_CLOSED_PIPE = 141  # as the shell reports a program that SIGPIPE ended


def run(main):
    """Parses the flags, calls `main()`, and exits with its code.

    A user's mistake (`ValueError`, a missing file, ...) ends in one line on
    standard error and exit code 1. DEBUG=1 shows the traceback instead.
    Paths may begin with `~`: the shell expands none that follow a `=`.

    Args:
        main: Callable without arguments.
    """
    logging.set_verbosity(logging.WARNING)
    codecs.register_error("escaped", terminal.replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="escaped")  # odd file names
    if not sys.warnoptions:
        warnings.showwarning = _warn
    app.run(lambda argv: _guarded(main, argv), flags_parser=_parse)


def require(**given):
    """Raises `ValueError` for the first of the flags that is empty."""
    for name, value in given.items():
        if not value:
            raise ValueError(f"--{name} is needed; see --help")


def refuse_given(reason, *held):
    """Raises `ValueError` for the first of the flags that was given.

    Args:
        reason: Why it does not apply.
        *held: As `flags.DEFINE_...` returned them.
    """
    for flag in held:
        if flag.present:
            raise ValueError(f"--{flag.name} {reason}")


def command(*more):
    """The command that the user typed, with `more` arguments."""
    return commands.line(_name(), *sys.argv[1:], *more)


def note(text):
    """Prints what is no mistake but should be known, unless it is empty."""
    if text:
        print(f"{_name()}: {text}", file=sys.stderr)


def _name():
    return pathlib.Path(sys.argv[0]).stem


def _warn(message, category, filename, lineno, file=None, line=None):
    """A warning without the line of code that gave it, which means nothing.

    `python -W` shows them as Python does.
    """
    text = terminal.escaped(f"{_name()}: warning: {message}")
    print(text, file=file or sys.stderr)


def _parse(argv):
    try:
        given = flags.FLAGS.read_flags_from_files(argv[1:], force_gnu=False)
        # In place: what is printed as what to type next comes from here.
        sys.argv[1:] = map(values.with_home, given)
        rest = flags.FLAGS(sys.argv)
        values.refuse_odd()
        return rest
    except SystemExit:  # of --help, which absl ends with 1
        sys.exit(0)
    except flags.Error as error:
        sys.exit(_refuse(_misread(error)))
    except (ValueError, OSError) as error:
        sys.exit(_refuse(str(error)))


def _misread(error):
    """What is wrong with the flags; of a config's field, with the closest."""
    name = getattr(error, "flagname", "").removeprefix("no")
    if name.startswith("config."):
        field = name.removeprefix("config.")
        known = config_lib.flatten(config_lib.Config())
        if field in known:
            return f"--config.{field} takes a value: --config.{field}=VALUE"
        hint = suggest.closest(field, list(known))
        return f"unknown config field `{field}`.{hint}"
    line, found, names = str(error).partition(" Did you mean: ")
    near = names.removesuffix(" ?").split(", ")  # absl names what begins alike
    if near := [each for each in near if not each.startswith("config.")]:
        line += f"{found}{', '.join(near)} ?" if found else ""
    return f"{line}{'' if line[-1] in '.?' else '.'} See --help."


def _guarded(main, argv):
    try:
        if argv[1:]:
            raise ValueError(f"unexpected argument {argv[1]!r}; see --help")
        code = main()
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED_PIPE
    except KeyboardInterrupt as error:
        return _refuse(str(error) or "interrupted")
    except Exception as error:
        if not mistakes.is_one(error) or os.environ.get("DEBUG"):
            raise
        return _refuse(mistakes.explained(error))


def _refuse(message):
    """Prints a mistake, of one line or several; returns the exit code."""
    lines = map(terminal.escaped, f"{_name()}: {message}".split("\n"))
    print("\n".join(lines), file=sys.stderr)
    return 1
