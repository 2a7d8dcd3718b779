"""Writes an export whole or not at all, once it equals the network."""

import contextlib
import os
import pathlib

import numpy as np

from stylegan_tf import files, latents, model_card

SUFFIXES = {
    "saved_model": ("",),
    "onnx": (".onnx",),
    "litert": (".tflite",),
    "keras": (".keras", ".weights.h5"),
    "npz": (".npz",),
    "web": ("",),
}
# Largest difference to the network, over its largest value.
TOLERANCES = {"float32": 1e-3, "float16": 0.05}


class MismatchError(ValueError):
    """An export computes something else than the network it is of."""


def with_suffix(output, format):
    """The path to write a format of `SUFFIXES` to, with its suffix.

    Raises:
        ValueError: If `output` has the suffix of another format.
    """
    suffixes = SUFFIXES[format]
    known = [each for every in SUFFIXES.values() for each in every if each]
    given = [each for each in known if output.endswith(each)]
    if given and given[0] not in suffixes:
        raise ValueError(
            f"{output} is no name for the format {format}; its suffix is "
            f"{' or '.join(suffixes) or 'none'}"
        )
    if suffixes[0] and (output.endswith("/") or pathlib.Path(output).is_dir()):
        raise ValueError(
            f"{output} is a folder, and {format} is a file: give its name, "
            f"such as {pathlib.Path(output) / 'faces'}{suffixes[0]}"
        )
    return pathlib.Path(output if given else output + suffixes[0])


@contextlib.contextmanager
def whole(path):
    """A temporary path that takes the name `path` if the block succeeds.

    Raises:
        FileExistsError: If there is something at `path` already.
    """
    if pathlib.Path(path).exists():
        raise FileExistsError(
            f"{path} exists already. Remove it, or give another --output."
        )
    with files.whole(path) as temporary:
        yield temporary


def next_version(path):
    """The path of the version that a model's folder gets next.

    Raises:
        FileExistsError: If `path` holds something else.
        ValueError: If it is to be a version itself.
    """
    path = pathlib.Path(path)
    if path.name.isdecimal():
        raise ValueError(
            f"{path} ends in a number, and versions are numbered as they come: "
            f"give the model's folder, such as {_model_of(path)}"
        )
    versions = model_card.versions(path)
    if path in versions.values():
        raise FileExistsError(
            f"{path} is a SavedModel itself, where the versions of a model "
            "belong. Move it away, or give another --output."
        )
    if not versions and os.path.lexists(path) and _holds_something(path):
        raise FileExistsError(
            f"{path} exists already. Remove it, or give another --output: it "
            "is no folder of a model's versions, which would get one more"
        )
    return path / str(files.next_number(path))


@contextlib.contextmanager
def version(path):
    """A temporary path of what becomes the version `path`, or is lost.

    A folder that was made for it goes with it.
    """
    is_new = not path.parent.exists()
    try:
        with files.unfinished(path) as temporary:
            yield temporary
    except BaseException:
        if is_new:
            with contextlib.suppress(OSError):  # not empty: another's
                path.parent.rmdir()
        raise


def difference(path, run, function, precision="float32"):
    """Largest difference of an export to the network, for 1 row and for 3.

    Args:
        path: Of the export, for the message.
        run: Dict of arrays to the export's result.
        function: The network's, of `functions.part`.
        precision: One of `TOLERANCES`.

    Raises:
        MismatchError: If it is not tolerated.
    """
    found = []
    for rows in (1, 3):
        inputs = _random_inputs(function, rows)
        (expected,) = function(*inputs.values()).values()
        tolerance = TOLERANCES[precision]
        found.append(compare(path.name, run(inputs), expected, tolerance))
    return max(found)


def compare(name, actual, expected, tolerance):
    """Largest difference of two arrays.

    Args:
        name: Of what is compared, for the message.
        actual: What the export computes.
        expected: What the network computes.
        tolerance: How large the difference may be, over the largest
            expected value.

    Raises:
        MismatchError: If it is larger, or if shapes differ.
    """
    actual = np.asarray(actual, np.float32)
    expected = np.asarray(expected, np.float32)
    if actual.shape != expected.shape:
        raise MismatchError(
            f"{name}: expected shape {expected.shape}. Received: {actual.shape}"
        )
    difference = float(np.max(np.abs(actual - expected), initial=0.0))
    limit = tolerance * max(float(np.max(np.abs(expected), initial=0.0)), 1.0)
    if not difference <= limit:
        raise MismatchError(
            f"{name} is off by {difference:.2g}, at most {limit:.2g} is "
            "tolerated; nothing was written."
        )
    return difference


def _model_of(version):
    """The folder that a version's path is in, or one for a model."""
    folder = version.parent
    return folder if folder.name else folder / "faces"


def _holds_something(path):
    """Whether `path` is anything but a folder of hidden files at most."""
    if not path.is_dir():
        return True
    return any(not each.name.startswith(".") for each in path.iterdir())


def _random_inputs(function, rows):
    """float32 arrays by name for a `function`: normal, labels one-hot."""
    random = np.random.RandomState(rows)
    inputs = {}
    for spec in function.input_signature:
        shape = (rows, *spec.shape[1:])
        inputs[spec.name] = random.standard_normal(shape).astype(np.float32)
        if spec.name == "label":
            inputs["label"] = latents.one_hot(range(rows), shape[1])
        elif spec.name in ("truncation_psi", "noise_strength"):
            inputs[spec.name] = np.linspace(0.5, 1, rows, dtype=np.float32)
    return inputs
