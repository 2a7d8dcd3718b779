"""Chooses and loads the network that looks at images for a metric."""

import pathlib

from stylegan_tf.features import (
    class_classifier,
    classifiers,
    custom,
    finding,
    inception,
    lpips,
    offline,
    vgg16,
)

AUTO, OFFLINE = "auto", "offline"
CLASSES = "class_classifier"  # the kind of `class_classifier`
_PUBLISHED = {"inception": inception, "vgg16": vgg16, "lpips": lpips}


class Detectors:
    """Loads every kind of feature network once, when it is asked for.

    Args:
        features: "auto" takes published networks where they are found and
            the bundled offline extractor elsewhere; "offline" the bundled
            one; a folder holds published networks; a file (or the folder of
            a SavedModel) is the user's own network, for the metrics that
            compare features.
        classifiers: Folder of classifiers; "": those of attributes as
            `features`, and none of classes.
    """

    def __init__(self, features=AUTO, classifiers=""):
        self._features, self._classifiers = features, classifiers
        self._folder = self._custom = None
        if features not in (AUTO, OFFLINE):
            path = pathlib.Path(features).expanduser()
            if not path.exists():
                raise FileNotFoundError(
                    f"There are no feature networks at {features}. Expected "
                    '"auto", "offline", a folder with published ones or a '
                    "network of yours."
                )
            if path.is_file() or (path / "saved_model.pb").is_file():
                self._custom = path
            else:
                self._folder = path
        self._loaded = {}

    def of(self, kind):
        """The detector of an `evaluator.Evaluator.detector`, None of None.

        Raises:
            OSError: If a file that was asked for is missing.
            ValueError: If it can not be used.
        """
        if kind is None:
            return None
        source = module, path = self._source(kind)
        if source not in self._loaded:
            self._loaded[source] = module.load(path)
        return self._loaded[source]

    def refuse_missing(self, kinds):
        """Raises what `of` would where a file is missing; loads none.

        Args:
            kinds: As of `of`.
        """
        for kind in dict.fromkeys(kinds):
            if kind is None:
                continue
            module, path = self._source(kind)
            if module in (classifiers, class_classifier):
                module.find(path)
            elif module is custom:
                custom.refuse_other(path)
            elif module is not offline:
                finding.find(kind.removesuffix("_softmax"), path)

    def _source(self, kind):
        """The module that loads it, and the path it takes, None for its own."""
        if kind == "attribute_classifiers":
            if not self._classifiers:
                return offline, None
            if class_classifier.is_alone(self._classifiers):
                return class_classifier, self._classifiers
            return classifiers, self._classifiers
        if kind == CLASSES:
            if not self._classifiers:
                raise ValueError(
                    "cs asks a classifier of the data set's classes: name its "
                    "folder with --classifiers. tools.train_classifier "
                    "--classes makes one."
                )
            return class_classifier, self._classifiers
        network = kind.removesuffix("_softmax")
        if self._custom and network != "lpips":
            if network != kind:
                raise ValueError(
                    "The Inception Score takes class probabilities, which "
                    f"{self._custom} is not known to give. Use "
                    "features=offline or a folder with the Inception network."
                )
            return custom, self._custom
        if self._features == OFFLINE:
            return offline, None
        if self._folder is None and not finding.is_there(network):
            return offline, None
        return _PUBLISHED[network], self._folder


def describe(detector):
    """A dict of what identifies a detector in results; None of None."""
    if detector is None:
        return None
    return {
        name: getattr(detector, name)
        for name in ("name", "label", "sha256", "resize")
    }
