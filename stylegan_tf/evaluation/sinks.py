"""Collects the features of a pass over images, for each metric its own."""

import numpy as np

from stylegan_tf.metrics import fid


class Sink:
    """Features of the first `count` images of a pass.

    Args:
        detector: What makes them of images.
        count: How many images it takes.
        dtype: Of the array that is kept; None for `fid.Statistics`.
        kept: What is kept of features `[N, F]`; by default, all.

    Attributes:
        error: What its detector failed with, if it did.
    """

    def __init__(self, detector, count, dtype, kept=lambda features: features):
        self.detector, self._left = detector, count
        self._dtype, self._kept = dtype, kept
        self._parts, self._statistics = [], None
        self.error = None

    @property
    def is_done(self):
        """Whether it takes no more."""
        return self._left <= 0 or self.error is not None

    def add(self, features):
        """Takes `[N, F]` in, as many as are wanted."""
        features = self._kept(features[: self._left])
        self._left -= len(features)
        if self._dtype is not None:
            self._parts.append(features.astype(self._dtype))
            return
        if self._statistics is None:
            self._statistics = fid.Statistics(features.shape[1])
        self._statistics.add(features)

    def result(self):
        """`fid.Statistics`, or features `[M, F]`.

        Raises:
            Exception: `error`.
        """
        if self.error:
            raise self.error
        if self._dtype is None:
            return self._statistics
        return np.concatenate(self._parts)


def fill(sinks, batches):
    """Shows every image once to every detector whose sinks want more."""
    for images in batches:
        features = {}
        going = [sink for sink in sinks if not sink.is_done]
        if not going:
            return
        for sink in going:
            key = id(sink.detector)
            try:
                if key not in features:
                    features[key] = sink.detector.features(images)
                sink.add(features[key])
            except Exception as error:  # a metric's failure is its own
                sink.error = error
