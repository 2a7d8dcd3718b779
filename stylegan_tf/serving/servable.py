"""One version of a model, loaded: what it takes, and answers to it."""

import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf import model_card
from stylegan_tf.serving import checking, errors, signatures

# Whose answers are not a row an image: a noise map that is for all rows gets
# the sum of their gradients.
SUMMING = ("gradients",)


class Servable:
    """A SavedModel of tools.export.

    Answers are computed in batches padded to few sizes, 1, 2, 4, ...
    `max_batch`: what a row gives differs by one level of uint8 at most, and
    not at all at the same size, whatever is computed beside it.

    Args:
        path: Of the SavedModel.
        version: A number.
        max_batch: Rows of a request, at most.

    Raises:
        ValueError: If it can not be loaded, in one line.
    """

    def __init__(self, path, version: int = 1, *, max_batch: int = 64):
        self.path, self.version, self.max_batch = path, version, max_batch
        # As `generators`: float32 means float32.
        tf.config.experimental.enable_tensor_float_32_execution(False)
        try:
            self.card = model_card.read(path)
            self.definitions = signatures.definitions(path)
            self._model = tf.saved_model.load(str(path))
        except Exception as error:  # whatever a damaged file leads to
            raise ValueError(
                f"{path} can not be loaded: {_first_line(error)}"
            ) from error
        self.fingerprint = _fingerprint(path)
        self.signatures = {
            name: signatures.of_definition(definition)
            for name, definition in self.definitions.items()
        }

    @property
    def sizes(self):
        """What batches are padded to, ascending."""
        powers = range((self.max_batch - 1).bit_length())
        return [*(2**each for each in powers), self.max_batch]

    def check(self, signature, inputs):
        """Arrays for `run`; see `checking.arrays`.

        Args:
            signature: A name.
            inputs: What a protocol decoded, by name.

        Raises:
            errors.Invalid: In one sentence.
        """
        if signature not in self.signatures:
            raise errors.Invalid(
                f"There is no signature `{signature[:60]}`."
                f"{checking.closest(signature, self.signatures)} "
                f"Signatures: {', '.join(self.signatures)}"
            )
        return checking.arrays(
            self.signatures[signature],
            inputs,
            card=self.card,
            max_rows=self.max_batch,
        )

    def run(self, signature, arrays):
        """Outputs of a row an image, by name.

        Args:
            signature: A name.
            arrays: Of `check`.

        Raises:
            errors.Invalid: If TensorFlow refuses them.
        """
        rows = checking.rows(arrays)
        size = next(each for each in self.sizes if each >= rows)
        padded = {
            name: tf.constant(_padded(name, array, rows, size))
            for name, array in arrays.items()
        }
        try:
            made = self._model.signatures[signature](**padded)
        except tf.errors.InvalidArgumentError as error:
            raise errors.Invalid(_first_line(error)) from error
        except tf.errors.ResourceExhaustedError as error:
            raise errors.TooLarge(
                f"There is no memory for {size} rows at once"
            ) from error
        return {name: np.asarray(each)[:rows] for name, each in made.items()}


def _padded(name, array, rows, size):
    """Its last row repeated until there are `size`; what is for all stays.

    No gradient comes from the images of added rows.
    """
    if len(array) != rows:
        return array
    mode = "constant" if name == "cotangent" else "edge"
    padding = [(0, size - rows)] + [(0, 0)] * (array.ndim - 1)
    return np.pad(array, padding, mode=mode)


def _first_line(error):
    lines = str(getattr(error, "message", error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _fingerprint(path):
    """What TensorFlow writes beside a SavedModel; another for each export."""
    file = pathlib.Path(path, "fingerprint.pb")
    return file.read_bytes().hex() if file.is_file() else ""
