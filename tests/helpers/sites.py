"""Sites of small networks with the real runtime, each made once a process.

Where onnxruntime-web is neither in the cache nor to be had from npm the test
is skipped, by name.
"""

import atexit
import functools
import pathlib
import shutil
import tempfile
import unittest

import numpy as np

from stylegan_tf import checkpoint, generators
from stylegan_tf.editing import direction_files
from stylegan_tf.export.web import runtime
from stylegan_tf.export.web import site as site_lib
from tests.helpers import exports, running

QUICKSTART = running.ROOT / "tests" / "fixtures" / "quickstart"


def site(kind="quickstart"):
    """The folder of a site; every test may read it, none may change it.

    Args:
        kind: "quickstart", or one of `exports.snapshot`.
    """
    path = _folder() / kind
    if not path.is_dir():
        files, found = runtime_files(), snapshot(kind)
        site_lib.write(found, path, directions(found), files)
    return path


@functools.cache
def runtime_files():
    """What `runtime.read` gives, or the test is skipped."""
    try:
        return runtime.read()
    except ConnectionError as error:
        raise unittest.SkipTest(f"no onnxruntime-web: {error}") from error


@functools.cache
def snapshot(kind="quickstart"):
    """The network of a site."""
    if kind == "quickstart":
        return checkpoint.load(QUICKSTART)
    return exports.snapshot(kind)


def directions(snapshot):
    """Two made-up `Direction`s: `all`, of every layer, and `first`, of one."""
    layers, size = generators.of_snapshot(snapshot).ws_shape
    vectors = np.random.RandomState(0).randn(2, size).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        direction_files.Direction("all", vectors[0], 0, layers, 0.5),
        direction_files.Direction("first", vectors[1], 0, 1, 2.0),
    ]


@functools.cache
def _folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sites-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
