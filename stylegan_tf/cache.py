"""Says where files are kept from one command to the next: below one root.

The root is $STYLEGAN_TF_CACHE, or else ~/.cache/stylegan_tf.
"""

import os
import pathlib

VARIABLE = "STYLEGAN_TF_CACHE"


def networks():
    """Folder of downloaded networks; a root of the user's own is the folder."""
    return _given() or _default() / "networks"


def runtimes():
    """Folder of what runs an exported network elsewhere."""
    return (_given() or _default()) / "runtimes"


def real_features():
    """Folder of features of real images."""
    return (_given() or _default()) / "real_features"


def feature_networks():
    """Folders in which feature networks are looked for, in this order."""
    roots = filter(None, (_given(), _default()))
    return [root / "features" for root in roots]


def _given():
    given = os.environ.get(VARIABLE)
    return pathlib.Path(given).expanduser() if given else None


def _default():
    return pathlib.Path.home() / ".cache" / "stylegan_tf"
