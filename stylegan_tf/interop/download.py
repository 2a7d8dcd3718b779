"""Files from the network: resumed where they were cut off, then pinned.

`NAME.part` is what has arrived so far, `NAME.sha256` the digest of the first
complete download, in the format of `sha256sum --check`.
"""

import fcntl
import hashlib
import http.client
import os
import pathlib
import urllib.error
import urllib.parse
import urllib.request

from stylegan_tf.interop import foreign_files, transfer


def is_address(text):
    """Whether `text` is an http or https address."""
    parts = urllib.parse.urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def fetch(address, path):
    """`path`, downloaded from `address` if there is no such file yet.

    The digest of the first download, or of a file that was placed there by
    hand, is kept and checked whenever the file is asked for.

    Args:
        address: http or https.
        path: Where to keep the file.

    Raises:
        ConnectionError: If it can not be downloaded; says how else.
        ValueError: If the file is not the one of the first download.
    """
    path = pathlib.Path(path)
    if not path.exists():
        if not is_address(address):
            raise ValueError(
                "Only http and https addresses can be downloaded. "
                f"Received: {address}"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        _fetch_new(address, path)
    _check(path, path)
    return path


def _fetch_new(address, path):
    part = path.with_name(f"{path.name}.part")
    with open(part, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another process may be at it
        if path.exists():
            return
        try:
            _fill(address, file)
            _refuse_stand_in(file)
        except transfer.ERRORS as error:
            raise ConnectionError(
                f"{address} can not be downloaded: {_reason(error)}. Try again "
                "(it goes on where it stopped), or get the file from that "
                f"address by other means and place it as {path}"
            ) from error
        file.flush()
        _check(part, path)
        os.replace(part, path)


def _refuse_stand_in(file):
    """Raises `ConnectionError` if a page came, and forgets it."""
    file.seek(0)
    kind = foreign_files.stand_in(file.read(foreign_files.HEAD_BYTES))
    if kind:
        file.truncate(0)
        raise ConnectionError(f"what came is {kind}")


def _fill(address, file):
    """Transfers until the file is whole; again while that brings more."""
    most = file.seek(0, os.SEEK_END)
    while True:
        try:
            if transfer.go_on(address, file):
                return
            problem = ConnectionError("the connection was cut off")
        except urllib.error.HTTPError:
            raise
        except transfer.ERRORS as error:
            problem = error
        if file.tell() <= most:
            raise problem
        most = file.tell()


def _reason(error):
    if isinstance(error, http.client.HTTPException):
        return f"{type(error).__name__} {error}".strip()
    return str(getattr(error, "reason", "") or error)


def _check(content, path):
    """Compares the file `content` with the pin of `path`, or pins it."""
    with open(content, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    pin = path.with_name(f"{path.name}.sha256")
    if not pin.exists():
        temporary = pin.with_name(f"{pin.name}.{os.getpid()}.tmp")
        try:
            temporary.write_text(f"{digest}  {path.name}\n")
            os.replace(temporary, pin)
        finally:
            temporary.unlink(missing_ok=True)
        return
    pinned = (pin.read_text().split() or [""])[0]
    if digest != pinned:
        raise ValueError(
            f"{content} is not the file that was downloaded first: its "
            f"SHA-256 is {digest}, pinned is {pinned or 'nothing'}. Delete it "
            f"to download it again; if its publisher has changed it, delete "
            f"{pin} too."
        )
