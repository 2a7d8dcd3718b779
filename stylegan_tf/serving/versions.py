"""The version that serves, and how a new one takes its place.

A folder is looked at from time to time; a version that is newer than the one
that serves is loaded and warmed beside it, then takes over. The old one
answers what it has accepted.
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
        self._states, self._refused = {}, set()
        self._closing = threading.Event()
        self._poller = threading.Thread(
            target=self._poll, name="versions", daemon=True
        )

    def start(self):
        """Loads the newest version, and looks for newer ones from now on.

        Raises:
            ValueError: If there is none that can be loaded.
        """
        number, path = newest(self.path)
        self._current = self._load(number, path)
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
        self._refused &= set(found)
        for number in sorted(found, reverse=True):
            if number <= serving:
                return
            if number in self._refused:
                continue
            try:
                new = self._load(number, found[number])
            except ValueError as error:
                self._refused.add(number)
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
            raise ValueError(str(error)) from error
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
