"""How --config, --init_from and --config.FIELD become a config."""

import ast
import contextlib
import importlib.machinery
import importlib.util
import pathlib
import sys
import traceback

from absl import flags

from stylegan_tf import config as config_lib
from stylegan_tf import quiet, suggest
from stylegan_tf.command_line import program, values

flags.disclaim_key_flags()  # --config is the tool's that defines it

_PREFIX = "config."


class _TupleParser(flags.ArgumentParser):
    """Reads `(4, 4)`, and a number alone as a tuple of one."""

    def parse(self, argument):
        try:
            found = ast.literal_eval(argument)
        except (SyntaxError, ValueError):
            found = None
        found = found if isinstance(found, tuple | list) else (found,)
        if not all(isinstance(each, int | float) for each in found):
            raise ValueError("It must be numbers, such as (4, 8)")
        return tuple(found)


_PARSERS = {
    bool: flags.BooleanParser(),
    int: flags.IntegerParser(),
    float: flags.FloatParser(),
    str: flags.ArgumentParser(),
    tuple: _TupleParser(),
}


def define():
    """Defines the flag --config, and --config.FIELD for every field."""
    for name, default in config_lib.flatten(config_lib.Config()).items():
        kind = type(default)
        flags.DEFINE_flag(
            flags.Flag(
                _PARSERS[kind],
                None,
                _PREFIX + name,
                None,
                f"A field of the config, {default!r} unless the file says so.",
                boolean=kind is bool,
            ),
            module_name=__name__,  # --help of the tool is one page
        )
    return flags.DEFINE_string(
        "config",
        None,
        "configs/FILE.py or configs/FILE.py:VARIANT. Any field of it is "
        "changed by --config.FIELD=VALUE.",
    )


def chosen(text, init_from=None):
    """The `Config` that the user asks for, with the fields that were typed.

    Args:
        text: The value of --config.
        init_from: A network, whose config is taken if `text` is None.
    """
    if text is None and init_from is not None:
        quiet.import_tensorflow()
        from stylegan_tf import checkpoint
        from stylegan_tf.interop import fine_tuning

        config = checkpoint.starting_config(init_from)
        config = fine_tuning.fit_to_data(config, typed())
    else:
        config = load(text)
    return _without_labels(config_lib.changed(config, typed()), typed())


def _without_labels(config, given):
    """The config without attributes if labels were typed to be off."""
    if given.get("data.use_labels") is not False or not config.data.attributes:
        return config
    if "data.attributes" in given:
        raise ValueError(
            "--config.data.attributes makes labels, and "
            "--config.data.use_labels=false is without. Received both: drop one"
        )
    return config_lib.changed(config, {"data.attributes": ""})


def typed():
    """The values of all --config.FIELD that were given, by FIELD."""
    return {
        name.removeprefix(_PREFIX): flags.FLAGS[name].value
        for name in flags.FLAGS
        if name.startswith(_PREFIX) and flags.FLAGS[name].present
    }


def load(text):
    """The `Config` that a file returns.

    Args:
        text: `FILE.py` or `FILE.py:VARIANT`.

    Raises:
        ValueError: If it returns none; names the line of a mistake in it.
    """
    path, *variant = (text or "").split(":", 1)
    file = module(path)
    if not hasattr(file, "get_config"):
        raise ValueError(f"{path}: it has no function get_config()")
    with _mistakes_of(file.__loader__.path):
        config = file.get_config(*variant)
    if not isinstance(config, config_lib.Config):
        raise ValueError(
            f"{path}: get_config() must return a stylegan_tf.config.Config. "
            f"Received: {type(config).__name__}"
        )
    config.data.path = values.with_home(config.data.path)
    metrics = config.metrics
    metrics.features = values.with_home(metrics.features)
    metrics.classifiers = values.with_home(metrics.classifiers)
    return config


def module(path):
    """The module of the file at `path`, or of ours by that name.

    Raises:
        ValueError: If there is no such file, or it can not be run.
    """
    if not path:
        raise ValueError(
            "--config must name a file, such as --config=configs/quickstart.py"
        )
    places = pathlib.Path(path), program.root() / path  # theirs, ours
    file = next((str(each) for each in places if each.exists()), None)
    if file and pathlib.Path(file).is_dir():
        raise ValueError(
            f"--config={path} is a folder: name a file in it, such as "
            "--config=configs/quickstart.py"
        )
    if file is None:
        files = [x for each in places for x in each.parent.glob("[!_]*.py")]
        names = sorted({each.stem for each in files})
        raise ValueError(
            f"--config: can not load {path}. There is no such file."
            + suggest.closest(places[0].stem, names)
            + f" In {places[0].parent}: {', '.join(names) or 'none'}"
        )
    loader = importlib.machinery.SourceFileLoader("config_file", file)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    made = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = made  # dataclasses look their module up
    with _mistakes_of(file):
        loader.exec_module(made)
    return made


@contextlib.contextmanager
def _mistakes_of(path):
    """Raises `FILE:LINE: what is wrong` where the code in a file fails."""
    try:
        yield
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [each.lineno for each in frames if each.filename == path]
        text = str(error)
        if isinstance(error, SyntaxError) and error.filename == path:
            lines.append(error.lineno)
            text = error.msg
        place = f"{path}:{lines[-1]}" if lines else path
        kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
        message = f"{place}: {kind}{text}".removesuffix(": ")
        raise ValueError(message) from error
