"""Where the file of a feature network is; nothing is ever downloaded."""

import functools
import hashlib
import os
import pathlib
import typing

from stylegan_tf import cache
from stylegan_tf.data import image_files

VARIABLE = "STYLEGAN_TF_FEATURES"
_TABLE = pathlib.Path(__file__).parent / "bundled" / "addresses.tsv"


class Origin(typing.NamedTuple):
    """A published file that a network can be read from."""

    network: str
    file: str
    address: str
    sha256: str  # empty where it is not known


@functools.cache
def origins():
    """All known `Origin`s; those of a network with the best first."""
    lines = _TABLE.read_text().splitlines()[1:]
    return tuple(Origin(*line.split("\t")) for line in lines)


def find(network, path=None):
    """The path and the SHA-256 of the file of `network`.

    Args:
        network: E.g. "inception", "vgg16", "lpips"; see `origins`.
        path: The file itself, or a folder to look in; None: the folder in
            the environment variable STYLEGAN_TF_FEATURES, then the cache.

    Raises:
        FileNotFoundError: With the files' names, their addresses and where
            to put one of them.
        ValueError: If it is not the file that was published by its name.
    """
    found, known, places = _search(network, path)
    if found is None:
        addresses = "\n".join(
            f"  {origin.file}  from  {origin.address}" for origin in known
        )
        raise FileNotFoundError(
            f"The feature network {network!r} is not on this machine, and is "
            f"not downloaded by itself. Get one of\n{addresses}\nand put it "
            f"into {' or '.join(map(str, places))}, set {VARIABLE} to its "
            "folder, or give its path."
        )
    actual = sha256(found)
    for origin in known:
        if origin.file == found.name and origin.sha256 not in ("", actual):
            raise ValueError(
                f"{found} is damaged or another file: its SHA-256 is "
                f"{actual}, that of {origin.address} is {origin.sha256}."
            )
    return found, actual


def is_there(network):
    """Whether there is a file for `find`; its content is not looked at."""
    return _search(network, None)[0] is not None


def sha256(path):
    """SHA-256 of a file's bytes, or of a folder's files and their names."""
    path = pathlib.Path(path)
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for each in sorted(path / name for name in image_files.walk(path)[0]):
        if each.is_file():
            name = each.relative_to(path).as_posix()
            line = f"{name}\n{sha256(each)}\n"
            digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _search(network, path):
    """The file or None, the network's origins, and where was looked."""
    known = [origin for origin in origins() if origin.network == network]
    if not known:
        names = sorted({origin.network for origin in origins()})
        raise ValueError(
            f"There is no feature network {network!r}, only {', '.join(names)}"
        )
    given = path or os.environ.get(VARIABLE)
    places = [pathlib.Path(given).expanduser()] if given else []
    if path and places[0].is_file():
        return places[0], known, places
    if not path:
        places += cache.feature_networks()
    files = (place / each.file for each in known for place in places)
    return next(filter(pathlib.Path.is_file, files), None), known, places
