"""A served model: what every protocol asks, whichever version answers."""

import asyncio

import numpy as np

from stylegan_tf import model_card
from stylegan_tf.serving import batching, errors, versions


class Model:
    """A folder of versions, of which the newest answers.

    Args:
        path: Of the folder, or of one SavedModel.
        max_batch: Rows of a request and of a batch, at most.
        max_queue: Rows that may wait.
        timeout_seconds: How long a request may take.
        poll_seconds: How often the folder is looked at.
    """

    def __init__(
        self,
        path,
        *,
        max_batch: int = 64,
        max_queue: int = 1024,
        timeout_seconds: float = 30.0,
        poll_seconds: float = 2.0,
    ):
        self.name = model_card.model_name(path)
        self.max_batch, self.timeout_seconds = max_batch, timeout_seconds
        self.is_stopping = False
        self._versions = versions.Versions(
            path,
            max_batch=max_batch,
            max_queue=max_queue,
            poll_seconds=poll_seconds,
        )

    def start(self):
        """Loads and warms the newest version.

        Raises:
            ValueError: If there is none that can be loaded, in one line.
        """
        self._versions.start()

    def servable(self, version: int | None = None):
        """The `Servable` that answers.

        Raises:
            errors.Missing: If another version does.
        """
        return self._versions.get(version).servable

    async def predict(self, signature, inputs, version=None, timeout=None):
        """The version that answered, and its outputs by name.

        Args:
            signature: A name.
            inputs: What a protocol decoded, by name.
            version: An int, if only that one may answer.
            timeout: Seconds, if less than the server's own limit.

        Raises:
            errors.Refused: Invalid, Missing, Busy, Late or Stopping.
        """
        limit = self.timeout_seconds
        seconds = limit if timeout is None else min(timeout, limit)
        loaded, answer = self._submit(signature, inputs, version)
        try:
            async with asyncio.timeout(seconds):
                made = await answer
        except TimeoutError:
            raise errors.Late(
                f"Not computed within {seconds:g} seconds"
            ) from None
        _check_finite(made)
        return loaded.servable.version, made

    def statuses(self):
        """State of every version seen, in TensorFlow Serving's words."""
        return self._versions.statuses()

    def failures(self):
        """Why, of every version that could not be loaded."""
        return self._versions.failures()

    async def drain(self):
        """Accepts nothing more, and returns when all accepted is answered."""
        await asyncio.to_thread(self.close)

    def close(self):
        """As `drain`, where there is no loop."""
        self.is_stopping = True
        self._versions.close()

    def _submit(self, signature, inputs, version):
        while not self.is_stopping:
            loaded = self._versions.get(version)
            arrays = loaded.servable.check(signature, inputs)
            try:
                return loaded, loaded.batcher.submit(signature, arrays)
            except batching.Closed:
                continue  # a newer version has just taken over
        raise errors.Stopping("The server is stopping")


def _check_finite(made):
    for name, array in made.items():
        if array.dtype.kind == "f" and not np.all(np.isfinite(array)):
            raise errors.Invalid(
                f"The inputs are too large: `{name}` is infinite or NaN"
            )
