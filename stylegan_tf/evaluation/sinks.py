"""Collects the features of a pass over images, for each metric its own."""

import collections.abc
import dataclasses

import numpy as np

from stylegan_tf.metrics import fid


@dataclasses.dataclass(eq=False)
class Sink:
    """Takes in the features of the first images of a pass."""

    detector: object  # makes them
    left: int  # images that it still takes
    dtype: str | None  # of the features that are kept; None: `fid.Statistics`
    # What to keep of features `[N, F]`.
    kept: collections.abc.Callable = lambda features: features
    error: Exception | None = None  # what the detector failed with
    _parts: list = dataclasses.field(default_factory=list)
    _statistics: fid.Statistics | None = None

    @property
    def is_done(self):
        """Whether it takes no more."""
        return self.left <= 0 or self.error is not None

    def add(self, features):
        """Takes `[N, F]` in, as many as are wanted."""
        features = self.kept(features[: self.left])
        self.left -= len(features)
        if self.dtype is not None:
            self._parts.append(features.astype(self.dtype))
        else:
            self._statistics = self._statistics or fid.Statistics(
                features.shape[1]
            )
            self._statistics.add(features)

    def result(self):
        """`fid.Statistics`, or features `[M, F]`.

        Raises:
            Exception: `error`.
        """
        if self.error:
            raise self.error
        return self._statistics or np.concatenate(self._parts)


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
