"""One HTTP transfer into a file, from where that file ends."""

import http.client
import os
import re
import urllib.error
import urllib.request

import tqdm

ERRORS = (OSError, http.client.HTTPException)
_TIMEOUT_SECONDS = 30
_CHUNK_BYTES = 1 << 18


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


def go_on(address, file):
    """Appends what the server still has; returns whether that was all.

    Args:
        address: http or https.
        file: Open for reading and writing in binary; emptied if the server
            can not go on in the middle, or has something else by now.

    Raises:
        OSError: What the connection or the server fails with.
        http.client.HTTPException: If the answer makes no sense.
    """
    start = file.seek(0, os.SEEK_END)
    request = urllib.request.Request(address)
    request.add_header("User-Agent", "stylegan_tf")
    request.add_header("Accept-Encoding", "identity")
    if start:
        request.add_header("Range", f"bytes={start}-")
    try:
        response = _opener().open(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # nothing at that position
            raise
        size = _number(r"bytes \*/(\d+)$", error.headers.get("Content-Range"))
        if size == start:
            return True
        file.truncate(0)
        return go_on(address, file)
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
