"""Pieces of pickles and of torch.save's files, as bytes."""

import io
import struct
import zipfile

_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."


def text(content):
    """SHORT_BINUNICODE or BINUNICODE."""
    content = content.encode()
    if len(content) < 256:
        return b"\x8c" + bytes([len(content)]) + content
    return b"X" + struct.pack("<I", len(content)) + content


def name(module, attribute):
    """STACK_GLOBAL of two texts."""
    return text(module) + text(attribute) + b"\x93"


def line(module, attribute):
    """GLOBAL."""
    return f"c{module}\n{attribute}\n".encode()


def put(index):
    """LONG_BINPUT."""
    return b"r" + struct.pack("<I", index)


def get(index):
    """LONG_BINGET."""
    return b"j" + struct.pack("<I", index)


def storage(kind, key, numel):
    """A persistent id of torch."""
    number = b"J" + struct.pack("<i", numel)
    return (
        b"("
        + text("storage")
        + line("torch", kind)
        + text(key)
        + text("cpu")
        + number
        + b"tQ"
    )


def tensor(stored, sizes, strides):
    """A tensor that looks into `stored`."""
    numbers = [
        b"(" + b"".join(b"J" + struct.pack("<i", n) for n in each) + b"t"
        for each in (sizes, strides)
    ]
    return (
        line("torch._utils", "_rebuild_tensor_v2")
        + b"("
        + stored
        + b"K\x00"
        + b"".join(numbers)
        + b"\x89"
        + line("collections", "OrderedDict")
        + b")RtR"
    )


def stream(value, keys=b"]", content=b""):
    """A file in the old format of torch.save."""
    facts = b"\x80\x02}."
    return (
        _MAGIC + b"\x80\x02M\xe9\x03." + facts + value + b"." + keys + b"."
    ) + content


def archive(members, root="archive/", **options):
    """A zip archive of torch.save."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as target:
        for member, content in members.items():
            target.writestr(f"{root}{member}", content)
    return file.getvalue()


def dtype(code="f4"):
    """numpy's type of this code."""
    return name("numpy", "dtype") + text(code) + b"\x89\x88\x87R"
