"""The version that serves, and how a new one takes its place.

A folder is looked at from time to time; a version that is newer than the one
that serves, and is as it was a look ago, is loaded and warmed beside it, then
takes over. The old one answers what it has accepted. A version that cannot be
loaded is tried again when its files change.
"""

import dataclasses
import gc
import logging
import pathlib
import threading

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from stylegan_tf import model_card
from stylegan_tf.serving import batching, errors, servable

_LOG = logging.getLogger(__name__)
_WARM_UP = ("assets.extra", "tf_serving_warmup_requests")
_BATCHED = ("generate", "generate_png")  # warmed in every size


@dataclasses.dataclass(frozen=True)
class Loaded:
    """A version and the queue in front of it."""

    servable: servable.Servable
    batcher: batching.Batcher


class Versions:
    """What of a folder of versions is loaded.

    Args:
        path: Of the folder, or of one SavedModel.
        max_batch: Rows of a batch, at most.
        max_queue: Rows that may wait.
        poll_seconds: How often the folder is looked at.
    """

    def __init__(
        self, path, *, max_batch: int, max_queue: int, poll_seconds: float
    ):
        self.path = pathlib.Path(path)
        self._max_batch, self._max_queue = max_batch, max_queue
        self._poll_seconds = poll_seconds
        self._current = None
        self._states, self._failures = {}, {}
        self._seen, self._refused = {}, {}  # files by version
        self._closing = threading.Event()
        self._poller = threading.Thread(
            target=self._poll, name="versions", daemon=True
        )

    def start(self):
        """Loads the newest version that can be; looks for newer ones then.

        Raises:
            ValueError: If there is none.
        """
        last, path = newest(self.path)
        found = model_card.versions(self.path) or {last: path}
        for number in sorted(found, reverse=True):
            files = _files(found[number])
            try:
                self._current = self._load(number, found[number])
                break
            except ValueError as error:
                if number == min(found):
                    raise
                self._refused[number] = files
                _LOG.error("An older version has to serve: %s", error)
        self._poller.start()

    def get(self, version=None):
        """The `Loaded` that serves.

        Raises:
            errors.Missing: If it is another version.
        """
        current = self._current
        number = current.servable.version
        if version not in (None, number):
            raise errors.Missing(
                f"Version {version} is not loaded. Version {number} is"
            )
        return current

    def statuses(self):
        """State of every version seen, in TensorFlow Serving's words."""
        return dict(self._states)

    def failures(self):
        """Why, in a sentence, of every version that could not be loaded."""
        return dict(self._failures)

    def close(self):
        """Answers all that was accepted; nothing is accepted any more."""
        self._closing.set()
        if self._poller.is_alive():
            self._poller.join()
        if self._current:
            self._retire(self._current)

    def look(self):
        """Takes up the newest version that can be, if there is a newer one."""
        serving = self._current.servable.version
        found = model_card.versions(self.path)
        newer = [each for each in found if each > serving]
        before = self._seen
        self._seen = {each: _files(found[each]) for each in newer}
        for number in sorted(newer, reverse=True):
            files = self._seen[number]
            if files != before.get(number):
                continue  # it may still be copied
            if files == self._refused.get(number):
                continue
            try:
                new = self._load(number, found[number])
            except ValueError as error:
                self._refused[number] = files
                _LOG.error("Version %s serves on: %s", serving, error)
                continue
            old, self._current = self._current, new
            name = model_card.model_name(self.path)
            _LOG.info("%s: version %s is served", name, number)
            self._retire(old)
            return

    def _poll(self):
        while not self._closing.wait(self._poll_seconds):
            try:
                self.look()
            except (ValueError, OSError):  # no version is there any more
                pass

    def _load(self, number, path):
        self._states[number] = "LOADING"
        _LOG.info("Loading %s", path)
        try:
            loaded = servable.Servable(path, number, max_batch=self._max_batch)
            warm(loaded)
        except Exception as error:
            self._states[number] = "END"
            self._failures[number] = "It cannot be loaded: see the server's log"
            raise ValueError(str(error)) from error
        self._failures.pop(number, None)
        queue = batching.Batcher(
            loaded.run,
            sizes=loaded.sizes,
            max_queue=self._max_queue,
            alone=servable.SUMMING,
        )
        self._states[number] = "AVAILABLE"
        return Loaded(loaded, queue)

    def _retire(self, old):
        number = old.servable.version
        self._states[number] = "UNLOADING"
        old.batcher.close()
        self._states[number] = "END"
        gc.collect()  # TensorFlow's functions hold each other


def newest(path):
    """Number and path of a model's newest version.

    Raises:
        ValueError: If there is none.
    """
    found = model_card.versions(path)
    if not found:
        raise ValueError(
            f"{path} holds no model. Expected: a folder of "
            "python -m tools.export, with versions called 1, 2, ..."
        )
    return max(found.items())


def warm(loaded):
    """Answers what TensorFlow prepares at a first request of its shape.

    Args:
        loaded: A `servable.Servable`.
    """
    for name, inputs in _recorded(loaded.path):
        loaded.run(name, loaded.check(name, inputs))
    for name, signature in loaded.signatures.items():
        sizes = loaded.sizes if name in _BATCHED else [1]
        for size in sizes:
            zeros = {
                key: np.zeros((size, *tensor.shape[1:]), tensor.dtype)
                for key, tensor in signature.inputs.items()
                if not tensor.has_default
            }
            loaded.run(name, loaded.check(name, zeros))


def _files(path):
    """What is in a folder: names, sizes and times of change."""
    found = []
    for each in pathlib.Path(path).rglob("*"):
        try:
            about = each.stat()
        except OSError:  # a temporary one that has just gone
            continue
        found.append((str(each), about.st_size, about.st_mtime_ns))
    return sorted(found)


def _recorded(path):
    """Signatures and inputs of the requests that were exported beside it."""
    file = pathlib.Path(path).joinpath(*_WARM_UP)
    if not file.is_file():
        return
    for record in tf.data.TFRecordDataset(str(file)):
        log = prediction_log_pb2.PredictionLog.FromString(record.numpy())
        request = log.predict_log.request
        yield (
            request.model_spec.signature_name,
            {k: tf.make_ndarray(v) for k, v in request.inputs.items()},
        )
