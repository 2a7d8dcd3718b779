"""Downloads published networks once, and checks them ever after.

The names and addresses are those of `published_networks.tsv`. `NAME.part` is
what has arrived of a file so far, `NAME.sha256` the digest of the first
complete download, in the format of `sha256sum --check`.
"""

import csv
import fcntl
import functools
import hashlib
import http.client
import os
import pathlib
import re
import urllib.error
import urllib.parse
import urllib.request

import tqdm

from stylegan_tf import cache, files
from stylegan_tf.pickles import foreign_files

_TABLE = pathlib.Path(__file__).with_name("published_networks.tsv")
_ERRORS = (OSError, http.client.HTTPException)
_TIMEOUT_SECONDS = 30
_CHUNK_BYTES = 1 << 18


@functools.cache
def addresses():
    """Address by name, of every published network."""
    with open(_TABLE, newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["name"]: row["url"] for row in rows}


def is_address(text):
    """Whether `text` is an http or https address."""
    parts = urllib.parse.urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def address_of(source):
    """The address of a published name, or one itself; None of all else."""
    return addresses().get(source, source if is_address(source) else None)


def path_of(source):
    """Where a published network is kept once it has been downloaded."""
    for name, address in addresses().items():
        if source in (name, address):
            return cache.networks() / f"{name}.pkl"
    last = urllib.parse.urlsplit(source).path.rsplit("/", 1)[-1]
    name = re.sub(r"[^\w.-]", "_", urllib.parse.unquote(last))[-80:]
    # Different addresses may end in the same name.
    prefix = hashlib.sha256(source.encode()).hexdigest()[:8]
    return cache.networks() / f"{prefix}-{name}"


def fetch(source):
    """The path of a published network, which is downloaded if it is new.

    Raises:
        OSError: If it can not be downloaded; says what to put where.
        ValueError: If the file is not that of the first download.
    """
    return fetch_file(address_of(source), path_of(source))


def fetch_file(address, path, sha512=None):
    """`path`, downloaded from `address` if there is no such file yet.

    The digest of the first download, or of a file that was placed there by
    hand, is kept and checked whenever the file is asked for.

    Args:
        address: http or https.
        path: Where to keep the file.
        sha512: Its digest in hexadecimal, where it is known beforehand.

    Raises:
        ConnectionError: If it can not be downloaded; says how else.
        ValueError: If the file is not that, or the one of the first download.
    """
    path = pathlib.Path(path)
    if not path.exists():
        if not is_address(address):
            raise ValueError(
                "Only http and https addresses can be downloaded. "
                f"Received: {address}"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        _fetch_new(address, path, sha512)
    _check(path, path, sha512)
    return path


def _fetch_new(address, path, sha512):
    part = path.with_name(f"{path.name}.part")
    with open(part, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another process may be at it
        if path.exists():
            return
        try:
            _fill(address, file)
            _refuse_stand_in(file)
        except _ERRORS as error:
            raise ConnectionError(
                f"{address} can not be downloaded: {_reason(error)}. Try again "
                "(it goes on where it stopped), or get the file from that "
                f"address by other means and place it as {path}"
            ) from error
        file.flush()
        _check(part, path, sha512)
        os.replace(part, path)


def _refuse_stand_in(file):
    """Raises `ConnectionError` if a page came, and forgets it."""
    file.seek(0)
    kind = foreign_files.stand_in(file.read(foreign_files.HEAD_BYTES))
    if kind:
        file.truncate(0)
        raise ConnectionError(f"what came is {kind}")


def _check(content, path, sha512):
    """Compares the file `content` with the pin of `path`, or pins it."""
    if sha512:
        _refuse_other(content, sha512)
        return
    digest = _digest(content, "sha256")
    pin = path.with_name(f"{path.name}.sha256")
    if not pin.exists():
        files.write(pin, f"{digest}  {path.name}\n")
        return
    pinned = (pin.read_text().split() or [""])[0]
    if digest != pinned:
        raise ValueError(
            f"{content} is not the file that was downloaded first: its "
            f"SHA-256 is {digest}, pinned is {pinned or 'nothing'}. Delete it "
            f"to download it again; if its publisher has changed it, delete "
            f"{pin} too."
        )


def _refuse_other(content, sha512):
    if (digest := _digest(content, "sha512")) != sha512:
        raise ValueError(
            f"{content} is not the published file: its SHA-512 is {digest}, "
            f"expected is {sha512}. Delete it to download it again."
        )


def _digest(path, name):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, name).hexdigest()


def _reason(error):
    if isinstance(error, http.client.HTTPException):
        return f"{type(error).__name__} {error}".strip()
    return str(getattr(error, "reason", "") or error)


def _fill(address, file):
    """Transfers until the file is whole; again while that brings more."""
    most = file.seek(0, os.SEEK_END)
    while True:
        try:
            if _go_on(address, file):
                return
            problem = ConnectionError("the connection was cut off")
        except urllib.error.HTTPError:
            raise
        except _ERRORS as error:
            problem = error
        if file.tell() <= most:
            raise problem
        most = file.tell()


def _opener():
    """Of http and https only: not of file: or ftp:, redirected to or not."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _go_on(address, file):
    """Appends what the server still has; returns whether that was all.

    Args:
        address: http or https.
        file: Open for reading and writing in binary; emptied if the server
            can not go on in the middle, or has something else by now.
    """
    start = file.seek(0, os.SEEK_END)
    headers = {"User-Agent": "stylegan_tf", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(address, headers=headers)
    try:
        response = _opener().open(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # nothing at that position
            raise
        size = _number(r"bytes \*/(\d+)$", error.headers.get("Content-Range"))
        if size == start:
            return True
        file.truncate(0)
        return _go_on(address, file)
    with response:
        if response.headers.get_content_type() == "text/html":
            raise ConnectionError(
                "a web page came instead of the file, which may ask for a "
                "confirmation"
            )
        return _receive(response, file, start)


def _receive(response, file, start):
    """Appends an answer; returns whether the file is whole then."""
    headers = response.headers
    if response.status == 206:
        told = headers.get("Content-Range")
        if _number(r"bytes (\d+)-", told) != start:
            raise ConnectionError("the server goes on at another position")
        total = _number(r"bytes \d+-\d+/(\d+)$", told)
    else:
        total = _number(r"(\d+)$", headers.get("Content-Length"))
        file.truncate(0)
    with tqdm.tqdm(
        total=total,
        initial=file.seek(0, os.SEEK_END),
        unit="B",
        unit_scale=True,
        desc=os.path.basename(file.name).removesuffix(".part"),
    ) as bar:
        while chunk := response.read(_CHUNK_BYTES):
            file.write(chunk)
            bar.update(len(chunk))
    file.flush()
    return total is None or file.tell() == total


def _number(pattern, text):
    """The number that `pattern` finds at the start of a header's `text`."""
    match = re.match(pattern, text or "")
    return int(match[1]) if match else None
