"""The config of --init_from, where --config names no other.

As a file of configs/, so that its fields are overridden in the same way:
its variant is the whole config, as JSON.
"""

import pathlib
import re

from stylegan_tf import config as config_lib
from stylegan_tf import quiet


def get_config(text):
    """The `Config` of a JSON text."""
    return config_lib.from_json(text)


def with_config(argv):
    """Arguments with --config=... ahead if only --init_from is given."""
    source = value(argv, "init_from")
    if source is None or value(argv, "config") is not None:
        return argv
    quiet.import_tensorflow()
    from stylegan_tf import checkpoint

    text = config_lib.to_json(checkpoint.starting_config(source))
    file = pathlib.Path(__file__).resolve()
    return [argv[0], f"--config={file}:{text}", *argv[1:]]


def value(argv, name):
    """What a flag is given in `argv`, the last time."""
    found = None
    for argument, following in zip(argv, [*argv[1:], None], strict=True):
        match = re.fullmatch(rf"--?{name}(?:=(.*))?", argument, re.DOTALL)
        if match:
            found = following if match[1] is None else match[1]
    return found
