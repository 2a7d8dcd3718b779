"""The variants of a config file, and their configs under overrides."""

import dataclasses
import re
import runpy

from absl import flags
from ml_collections import config_flags

from stylegan_tf import config as config_lib
from stylegan_tf import suggest


def chosen(path, text):
    """The variants that `text`, such as `a,b`, names of the file at `path`.

    Raises:
        ValueError: If it has no such variant, or none at all.
    """
    known = [str(each) for each in runpy.run_path(path).get("VARIANTS", ())]
    if not known:
        raise ValueError(f"--config: {path} has no VARIANTS to compare")
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            hint = suggest.closest(name, known)
            raise ValueError(
                f"--variants: {path} has no variant `{name}`.{hint} "
                f"It has: {', '.join(known)}"
            )
    return list(dict.fromkeys(names))


def published(path):
    """What the file's paper says of its variants: dicts of figures."""
    return runpy.run_path(path).get("PUBLISHED", {})


def typed_overrides(argv):
    """The arguments `--config.FIELD=VALUE` of a command line, as typed."""
    overrides, takes_value = [], False
    for argument in argv:
        is_override = re.match(r"--?(no)?config\.", argument)
        if is_override or (takes_value and not argument.startswith("-")):
            overrides.append(argument)
        takes_value = bool(is_override) and "=" not in argument
    return overrides


def config_of(path, variant, overrides):
    """The resolved `Config` of a variant, as `tools.train` would read it.

    Raises:
        ValueError: If the variant can not have these overrides.
    """
    argv = ["", f"--config={path}:{variant}", *overrides]
    values = flags.FlagValues()
    holder = config_flags.DEFINE_config_file(
        "config", flag_values=values, sys_argv=argv
    )
    try:
        values(argv)
        if not dataclasses.is_dataclass(holder.value):
            raise ValueError(f"{path} gives no config")
        return config_lib.resolve(holder.value)
    except (ValueError, flags.Error) as error:
        raise ValueError(f"variant {variant}: {error}") from error
