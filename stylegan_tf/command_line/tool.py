"""How every tool starts and ends: flags in, one clear line on a mistake."""

import codecs
import dataclasses
import io
import os
import pathlib
import re
import sys
import warnings

from absl import app, flags, logging

from stylegan_tf import commands, suggest, terminal
from stylegan_tf import config as config_lib
from stylegan_tf.command_line import config_files, mistakes, values

_CLOSED_PIPE = 141  # as the shell reports a program that SIGPIPE ended
# Fields of a config that hold paths.
_PATHS = (("data", "path"), ("metrics", "features"), ("metrics", "classifiers"))


def define_config():
    """The flag --config=configs/FILE.py[:VARIANT] and its overrides."""
    from ml_collections import config_flags  # tools.doctor may lack it

    return config_flags.DEFINE_config_file(
        "config", None, "configs/FILE.py or configs/FILE.py:VARIANT."
    )


def run(main, arguments=lambda argv: argv):
    """Parses the flags, calls `main()`, and exits with its code.

    A user's mistake (`ValueError`, a missing file, ...) ends in one line on
    standard error and exit code 1. DEBUG=1 shows the traceback instead.
    Paths may begin with `~`: the shell expands none that follow a `=`.

    Args:
        main: Callable without arguments.
        arguments: Callable, `sys.argv` to the arguments that are parsed.
    """
    logging.set_verbosity(logging.WARNING)
    codecs.register_error("escaped", terminal.replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="escaped")  # odd file names
    if not sys.warnoptions:
        warnings.showwarning = _warn
    app.run(
        lambda argv: _guarded(main, argv),
        flags_parser=lambda argv: _parse(argv, arguments),
    )


def value_of(config_flag):
    """The `Config` of `define_config`'s flag, overrides applied."""
    value = config_flag.value
    if not dataclasses.is_dataclass(value):  # what ml_collections gives then
        raise ValueError(config_files.none_in(value))
    config = config_lib.from_dict(config_lib.to_dict(value))
    for part, field in _PATHS:  # of a file, or of another run
        holder = getattr(config, part)
        setattr(holder, field, _expanded(getattr(holder, field)))
    return config


def require(**values):
    """Raises `ValueError` for the first of the flags that is empty."""
    for name, value in values.items():
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
    """What the user typed, to be typed again with `more` arguments."""
    name = pathlib.Path(sys.argv[0]).stem
    return commands.line(name, *sys.argv[1:], *more)


def _warn(message, category, filename, lineno, file=None, line=None):
    """A warning without the line of code that gave it, which means nothing.

    `python -W` shows them as Python does.
    """
    name = pathlib.Path(sys.argv[0]).stem
    text = terminal.escaped(f"{name}: warning: {message}")
    print(text, file=file or sys.stderr)


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
        told = config_files.explained(error)
        if mistakes.is_one(error):
            told = mistakes.explained(error)
        if told is None or os.environ.get("DEBUG"):
            raise
        return _refuse(told)


def _parse(argv, arguments):
    try:
        given = flags.FLAGS.read_flags_from_files(argv[1:], force_gnu=False)
        # In place: what is printed as what to type next comes from here.
        sys.argv[1:] = [_expanded(argument) for argument in given]
        rest = flags.FLAGS(arguments(sys.argv))
        values.refuse_odd(flags.FLAGS)
        return rest
    except Exception as error:
        told = config_files.explained(error) or _misread(argv, error)
        if told is None:
            raise
        sys.exit(_refuse(told))


def _misread(argv, error):
    """What is wrong with the flags, or None of an error of another kind."""
    if isinstance(error, flags.Error):
        line = _last_line(error)
        return f"{line}{'' if line[-1] in '.?' else '.'} See --help."
    if isinstance(error, (KeyError, AttributeError)):
        return _unknown_field(argv, error)
    if isinstance(error, (ValueError, TypeError, OSError)):
        return _last_line(error)
    return None


def _expanded(argument):
    """An argument, or its value, with every `~` of a list of paths."""
    name, equals, value = "", "", argument
    if argument.startswith("-"):
        name, equals, value = argument.partition("=")
    paths = map(os.path.expanduser, value.split(","))
    return f"{name}{equals}{','.join(paths)}"


def _last_line(error):
    """What an error says, without the traceback that flags may wrap."""
    line = str(error).strip().splitlines()[-1]
    return re.sub(r"^\w+Error: ", "", line)


def _unknown_field(argv, error):
    """Names the override that no field takes, and the closest field."""
    known = list(config_lib.flatten(config_lib.Config()))
    for argument in argv:
        match = re.match(r"--?config\.([\w.]+)", argument)
        if match and match[1] not in known:
            hint = suggest.closest(match[1], known)
            return f"unknown config field `{match[1]}`.{hint}"
    return f"bad config override: {error}"


def _refuse(message):
    name = pathlib.Path(sys.argv[0]).stem
    lines = map(terminal.escaped, f"{name}: {message}".split("\n"))
    print("\n".join(lines), file=sys.stderr)
    return 1
