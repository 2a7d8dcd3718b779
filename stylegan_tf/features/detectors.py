"""Which network looks at images for which metric."""

import pathlib

from stylegan_tf.features import (
    classifiers,
    custom,
    finding,
    inception,
    lpips,
    offline,
    vgg16,
)

AUTO, OFFLINE = "auto", "offline"
_FEATURES = ("inception", "vgg16")
_LOADERS = {
    "inception": inception.load,
    "inception_softmax": inception.load,
    "vgg16": vgg16.load,
    "lpips": lpips.load,
}


class Detectors:
    """Loads every kind of feature network once, when it is asked for.

    Args:
        features: "auto" takes published networks where they are found and
            the bundled offline extractor elsewhere; "offline" the bundled
            one; a folder holds published networks; a file (or the folder of
            a SavedModel) is the user's own network, for the metrics that
            compare features.
        classifiers: Folder of attribute classifiers; "": as `features`.
    """

    def __init__(self, features=AUTO, classifiers=""):
        self._features, self._classifiers = features, classifiers
        self._path = None
        if features not in (AUTO, OFFLINE):
            self._path = pathlib.Path(features).expanduser()
            if not self._path.exists():
                raise FileNotFoundError(
                    f"There are no feature networks at {features}. Expected "
                    '"auto", "offline", a folder with published ones or a '
                    "network of yours."
                )
        self._loaded = {}

    def of(self, kind):
        """The detector of a `names.Protocol.detector`, None of None.

        Raises:
            OSError: If a file that was asked for is missing.
            ValueError: If it can not be used.
        """
        if kind is None:
            return None
        source = self._source(kind)
        if source not in self._loaded:
            loader, *arguments = source
            self._loaded[source] = loader(*arguments)
        return self._loaded[source]

    def refuse_missing(self, kinds):
        """Raises what `of` would where a file is missing; loads none.

        Args:
            kinds: As of `of`.
        """
        for kind in dict.fromkeys(kinds):
            if kind is None:
                continue
            loader, *arguments = self._source(kind)
            if loader is classifiers.load:
                classifiers.find(*arguments)
            elif loader is custom.load:
                custom.refuse_other(*arguments)
            elif loader is _LOADERS.get(kind):
                finding.find(kind.removesuffix("_softmax"), *arguments)

    def _source(self, kind):
        """A loader and its arguments."""
        if kind == "attribute_classifiers":
            if self._classifiers:
                return classifiers.load, self._classifiers
            return (offline.load,)
        if self._is_custom:
            if kind in _FEATURES:
                return custom.load, self._path
            if kind == "inception_softmax":
                raise ValueError(
                    "The Inception Score takes class probabilities, which "
                    f"{self._path} is not known to give. Use "
                    "features=offline or a folder with the Inception network."
                )
        file = kind.removesuffix("_softmax")
        folder = None if self._is_custom else self._path
        if self._features == OFFLINE:
            return (offline.load,)
        if folder is None and not finding.is_there(file):
            return (offline.load,)
        return _LOADERS[kind], folder

    @property
    def _is_custom(self):
        """Whether `features` is one network of the user's."""
        path = self._path
        if path is None:
            return False
        return path.is_file() or (path / "saved_model.pb").is_file()


def describe(detector):
    """A dict of what identifies a detector in results; None of None."""
    if detector is None:
        return None
    return {
        "name": detector.name,
        "label": detector.label,
        "sha256": detector.sha256,
        "resize": detector.resize,
    }
