"""Recognises files that are no networks by their first bytes.

Most are downloads that went wrong, or a file beside the one that was meant.
"""

import codecs
import re

from stylegan_tf.pickles import safetensors_files

HEAD_BYTES = 4096
_HDF5 = b"\x89HDF\r\n\x1a\n"
_READ = (b"\x80", b"PK\3\4")  # a pickle, a zip archive
_KINDS = {  # by the bytes at a place
    (0, b"\x1f\x8b"): "packed by gzip: unpack it first, with `gunzip`",
    (0, b"BZh"): "packed by bzip2: unpack it first, with `bunzip2`",
    (0, b"\xfd7zXZ\0"): "packed by xz: unpack it first, with `unxz`",
    (0, b"\x28\xb5\x2f\xfd"): "packed by zstd: unpack it first, with `unzstd`",
    (0, b"7z\xbc\xaf\x27\x1c"): "a 7z archive: unpack it first",
    (0, b"Rar!\x1a\x07"): "a RAR archive: unpack it first",
    (0, b"PK\5\6"): "an empty zip archive",
    (0, b"\x89PNG"): "a PNG image, not a network",
    (0, b"\xff\xd8\xff"): "a JPEG image, not a network",
    (0, b"GIF8"): "a GIF image, not a network",
    (0, b"BM"): "a BMP image, not a network",
    (0, b"%PDF"): "a PDF document, not a network",
    (0, _HDF5): "an HDF5 file: of these, weights that Keras saved are read, "
    "under a name that ends in .weights.h5",
    (0, b"\x93NUMPY"): "a single array of numpy; networks are read from the "
    ".npz that tools.export writes",
    (4, b"ftyp"): "a video or an image of a camera, not a network",
    (4, b"TFL3"): "a LiteRT model, which can not be turned back",
    (8, b"WEBP"): "a WebP image, not a network",
    (257, b"ustar"): "a tar archive: unpack it first",
}
_LFS = b"version https://git-lfs.github.com/spec/"
_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b")
_SUFFIXES = (".pkl", ".pt", ".pth")
_SHOWN = 60


def refuse_file(path):
    """Raises `ValueError` if a file is of a kind that holds no networks.

    Args:
        path: A `pathlib.Path`. Keras's HDF5 files are told by its suffix.
    """
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    is_keras = path.suffix == ".h5" and head.startswith(_HDF5)
    kind = None if is_keras else _kind(head, path.stat().st_size)
    if kind:
        raise ValueError(f"It is {kind}.")


def stand_in(head):
    """What came instead of a file, a page or a pointer; None if neither."""
    if head.startswith(_LFS):
        match = re.search(rb"\nsize (\d{1,18})\n", head)
        whole = f" of {int(match[1]):,} bytes" if match else ""
        return (
            f"a pointer of Git LFS to a file{whole}, not the file: run `git "
            "lfs pull` in its repository"
        )
    if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf").lower()):
        return (
            "a web page (HTML), not a network: the download wanted a click or "
            "a log-in first. Open the address in a browser and save the file"
        )
    return None


def archive_contents(names):
    """What a zip archive without `torch.save`'s members holds."""
    networks = [each for each in names if each.endswith(_SUFFIXES)]
    if "model.weights.h5" in names:
        return "a .keras file: give it that suffix"
    if names and all(name.endswith(".npy") for name in names):
        return "an .npz file: give it that suffix"
    if networks:
        return f"an archive around {_printable(networks[0])}: unpack it first"
    shown = ", ".join(_printable(name) for name in sorted(names)[:3])
    return f"an archive of other files, such as {shown or 'none'}"


def _kind(head, size):
    if head.startswith(_READ):
        return None
    if size == 0:
        return "empty: a download or a copy has failed"
    if found := stand_in(head):
        return found
    for (place, magic), kind in _KINDS.items():
        if head[place : place + len(magic)] == magic:
            return kind
    if not any(head):
        return "zeros: a download or a copy has failed"
    if safetensors_files.is_head(head, size):
        return None
    return _text(head) or (
        "no pickle and no zip archive, which networks come as: it begins with "
        f"the bytes {head[:8].hex(' ')}"
    )


def _text(head):
    """What a text is; None for other bytes, and for pickles that are texts."""
    try:  # the last letter may be cut off
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    if not text or re.search(r"[\0-\x08\x0e-\x1f\x7f]", text):
        return None
    if "/annex/objects/" in text.splitlines()[0]:
        return (
            "a pointer of git-annex, not the file: run `git annex get` in its "
            "repository"
        )
    start = _printable(text.strip())
    kind = "JSON text" if text.lstrip()[:1] in ("{", "[") else "a text"
    return f"{kind}, {start}, not a network"


def _printable(text):
    """Its beginning in quotes, control characters escaped."""
    return ascii(text[:_SHOWN]) if text else "of spaces"
