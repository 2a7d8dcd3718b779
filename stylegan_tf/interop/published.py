"""Published networks by short name, downloaded once.

The names and addresses are those of `published_networks.tsv`.
"""

import csv
import functools
import hashlib
import os
import pathlib
import re
import urllib.parse

from stylegan_tf import suggest
from stylegan_tf.interop import download

_TABLE = pathlib.Path(__file__).with_name("published_networks.tsv")
CACHE_VARIABLE = "STYLEGAN_TF_CACHE"


@functools.cache
def addresses():
    """Address by name, of every published network."""
    with open(_TABLE, newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["name"]: row["url"] for row in rows}


def is_known(source):
    """Whether `source` is a published name, or an http(s) address."""
    return source in addresses() or download.is_address(source)


def address_of(source):
    """Where a published network is, by its name or address."""
    return addresses().get(source, source)


def path_of(source):
    """Where a published network is kept once it has been downloaded."""
    if source in addresses():
        return folder() / f"{source}.pkl"
    for name, address in addresses().items():
        if source == address:
            return folder() / f"{name}.pkl"
    last = urllib.parse.urlsplit(source).path.rsplit("/", 1)[-1]
    name = re.sub(r"[^\w.-]", "_", urllib.parse.unquote(last))[-80:]
    # Different addresses may end in the same name.
    prefix = hashlib.sha256(source.encode()).hexdigest()[:8]
    return folder() / f"{prefix}-{name}"


def fetch(source):
    """The path of a published network, which is downloaded if it is new.

    Raises:
        OSError: If it can not be downloaded; says what to put where.
        ValueError: If the file is not that of the first download.
    """
    return download.fetch(address_of(source), path_of(source))


def closest(source):
    """A hint of published names near to `source`, or an empty string."""
    return suggest.closest(source, list(addresses()))


def folder():
    """Where downloads are kept: $STYLEGAN_TF_CACHE, or below ~/.cache."""
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return pathlib.Path(given).expanduser()
    return pathlib.Path.home() / ".cache" / "stylegan_tf" / "networks"
