"""What the flags of tools.directions ask for; refuses what cannot be.

`flags` are absl's `flags.FLAGS`, `start` the flags of `points.define`.
"""

import re

from stylegan_tf import suggest
from stylegan_tf.command_line import outputs, tool

_SUPERVISED = ("fit", "damping", "given")
_SCORED = ("attributes", "classifiers", "dataset", "features")


def refuse_odd(start, flags):
    """Refuses flags that do not go together, before TensorFlow starts."""
    start.refuse_odd()
    if flags.output:
        outputs.file(
            "output", flags.output, suffix=".npz", example="directions.npz"
        )
    if flags.picture:
        suffix = (".png", ".pdf")
        outputs.file(
            "picture", flags.picture, suffix=suffix, example="strips.png"
        )
    elif not (flags.output or flags.table):
        raise ValueError(
            "give --output=FILE.npz, --picture=FILE.png or --table; see --help"
        )
    if flags.source:
        reason = "is not for --source, whose directions were found"
        _refuse(flags, reason, "method", "layers", "count", *_SUPERVISED)
    elif not is_supervised(flags):
        _refuse(flags, f"is not for --method={flags.method}", *_SUPERVISED)
    elif not compares(flags):
        _refuse(flags, "is for --method=sefa and pca", "count")
    if compares(flags):
        reason = "has no say where --table compares all methods"
        _refuse(flags, reason, "fit", "given", "orthogonal_to")
    elif flags.fit == "svm":
        _refuse(flags, "is for --fit=ridge", "damping")
    if not flags.picture:
        _refuse(flags, "is for --picture", "names", "amounts")
    if not flags.table:
        _refuse(flags, "is for --table", "measured", "amount")
        if not is_supervised(flags):
            _refuse(flags, "has no say here: no image is scored", *_SCORED)
    if flags.dataset:
        _refuse(flags, "is not for --dataset: give one", "classifiers")
    else:
        _refuse(flags, "is for --dataset", "features")
    amounts(flags)


def refuse_unknown(flags, known, scorer):
    """Refuses names that no direction will have."""
    if is_supervised(flags):
        names = scorer.names
    elif known:
        names = [each.name for each in known]
    else:
        names = [f"{flags.method}{i}" for i in range(flags.count)]
    others = set(flags.orthogonal_to) - {"all", "none"}
    for flag, wanted in (
        ("given", attributes_given(flags)),
        ("orthogonal_to", others),
        ("names", flags.names),
    ):
        for name in wanted:
            if name not in names:
                raise ValueError(
                    f"--{flag}: there is no `{name}`."
                    + suggest.closest(name, names)
                    + f" There are: {', '.join(names)}"
                )


def is_supervised(flags):
    """Whether directions are fitted to scores of images."""
    return not flags.source and flags.method in (None, "supervised")


def compares(flags):
    """Whether all methods are to be measured."""
    chosen = (flags.method, flags.source, flags.output, flags.picture)
    return flags.table and not any(chosen)


def amounts(flags):
    """The numbers of --amounts."""
    try:
        return [float(text) for text in flags.amounts]
    except ValueError as error:
        raise ValueError(
            "--amounts must be numbers with commas between: -2,0,2. "
            f"Received: {','.join(flags.amounts)}"
        ) from error


def layers(flags, count):
    """First layer, and the one after the last."""
    if not flags.layers:
        return 0, count
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", flags.layers)
    first, last = match.groups() if match else (1, 0)
    first, last = int(first), int(first if last is None else last)
    if not first <= last < count:
        raise ValueError(
            f"--layers must look like 0-3, of this network's layers 0 to "
            f"{count - 1}. Received: {flags.layers}"
        )
    return first, last + 1


def attributes_given(flags):
    """Whether an attribute is to be there, by name, of --given."""
    return {
        each.strip().removeprefix("-"): not each.strip().startswith("-")
        for each in flags.given
    }


def _refuse(flags, reason, *names):
    """As `tool.refuse_given`, of the flags with these names."""
    tool.refuse_given(reason, *(flags[name] for name in names))
