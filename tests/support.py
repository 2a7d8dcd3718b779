"""What several tests share: golden arrays and how to compare them."""

import json
import pathlib

import numpy as np

GOLDEN = pathlib.Path(__file__).parent / "golden"


def golden(name):
    """Arrays of `tests/golden/<name>.npz` and its meta as a dict."""
    with np.load(GOLDEN / f"{name}.npz", allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    return arrays, json.loads(str(arrays.pop("meta_json", "{}")))


def cases(name):
    """Pairs of meta and arrays of the numbered cases of an op file."""
    arrays, meta = golden(name)
    for case, arguments in meta["cases"].items():
        prefix = f"{case}/"
        yield (
            {"name": case, **arguments},
            {
                key.removeprefix(prefix): value
                for key, value in arrays.items()
                if key.startswith(prefix)
            },
        )


def nhwc(images):
    """`[N, C, H, W]` to `[N, H, W, C]`."""
    return np.transpose(images, (0, 2, 3, 1))


def hwio(kernel):
    """`[O, I, K, K]` to `[K, K, I, O]`."""
    return np.transpose(kernel, (2, 3, 1, 0))


def relative_error(actual, expected):
    """Largest absolute error over largest absolute expected value."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        raise ValueError(f"shapes {actual.shape} and {expected.shape}")
    error = np.max(np.abs(actual - expected), initial=0.0)
    largest = np.max(np.abs(expected), initial=0.0)
    return float(error / largest) if largest > 0 else float(error)
