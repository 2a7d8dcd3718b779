"""Small files that try to take much time or memory."""

import functools
import io
import struct
import zipfile

from tests.interop.malicious import line, name, text

_MANY = 190_000  # items below the stack's limit
_DTYPE = name("numpy", "dtype") + text("f4") + b"\x89\x88\x87R"
_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."


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


def _laughs(opening, closing):
    """30 levels, each ten times the one below."""
    levels = [b"N" + put(0) + b"0"]
    for level in range(30):
        body = opening + get(level) * 10 + closing
        levels.append(body + put(level + 1) + b"0")
    return b"".join(levels)


def _nested_streams(depth):
    value = b"N."
    content = stream(b"N")
    for _ in range(depth):
        size = struct.pack("<I", len(content))
        value = line("torch.storage", "_load_from_bytes")
        value += b"B" + size + content + b"\x85R"
        content = stream(value)
    return value + b"."


def _many_states():
    """One array, stored and filled very often."""
    array = name("numpy.core.multiarray", "_reconstruct") + b")R"
    state = b"(K\x01)" + _DTYPE + b"\x89C\x04abcdt" + put(1) + b"0"
    many = _MANY // 2
    return (
        state
        + array
        + b"".join(put(i) for i in range(2, many))
        + get(2) * many
        + (get(1) + b"b0") * many
        + b"."
    )


@functools.cache
def pickles():
    """Pairs of a pickle and what the error must say, "" for any end."""
    items = b"(" + b"K\x00" * _MANY + b"t"
    ordered = name("collections", "OrderedDict")
    content = b"B" + struct.pack("<I", 1 << 20) + b"\xff" * (1 << 20)
    return {
        "lists": (b"]" * 5_000_000, "values on the stack"),
        "lists dropped": (b"]0" * 5_000_000, "opcodes"),
        "marks": (b"(" * 5_000_000, "levels deep"),
        "a memo": (b"N" + b"\x94" * 5_000_000, "opcodes"),
        "far values": (
            b"N" + b"".join(put(i * 4093) for i in range(1_000_000)) + b".",
            "opcodes",
        ),
        "nested lists": (b"]" * _MANY + b"a" * (_MANY - 1) + b".", "levels"),
        "nested tuples": (b")" + b"\x85" * 900_000 + b".", "levels deep"),
        "shared lists": (_laughs(b"](", b"e") + get(30) + b".", ""),
        "shared tuples": (_laughs(b"(", b"t") + get(30) + b".", ""),
        "a shared tuple as key": (
            _laughs(b"(", b"t") + b"}" + get(30) + b"Ns.",
            "the key",
        ),
        "a shared list as a name": (
            _laughs(b"](", b"e") + get(30) + text("x") + b"\x93.",
            "refused a global",
        ),
        "a shared list as a type": (
            _laughs(b"](", b"e") + name("numpy", "dtype") + get(30) + b"\x85R.",
            "numpy type",
        ),
        "a shared list as an id": (
            _laughs(b"](", b"e") + get(30) + b"Q.",
            "persistent id",
        ),
        "a list in itself": (b"]q\x00h\x00a.", ""),
        "a set made often": (
            items
            + b"\x85"
            + put(0)
            + name("builtins", "set")
            + put(1)
            + (get(1) + get(0) + b"R0") * 200_000
            + b".",
            "bytes of memory",
        ),
        "many arguments": (
            items + put(0) + ordered + put(1) + (get(1) + get(0) + b"R0") * 9,
            "the arguments",
        ),
        "a text encoded often": (
            b"X"
            + struct.pack("<I", 1 << 20)
            + b"x" * (1 << 20)
            + text("latin1")
            + b"\x86"
            + put(0)
            + name("_codecs", "encode")
            + put(1)
            + (get(1) + get(0) + b"R") * 9_000,
            "bytes of memory",
        ),
        "wide texts": (
            (b"X" + struct.pack("<I", 5_000_000) + b"x" * 4_999_996)
            + "\U0001f600".encode()
            + b".",
            "",
        ),
        "states of an array": (_many_states(), ""),
        "streams in streams": (_nested_streams(6), "in too many others"),
        "a stream read often": (
            content[:1]
            + struct.pack("<I", len(stream(b"N")))
            + stream(b"N")
            + b"\x85"
            + put(0)
            + line("torch.storage", "_load_from_bytes")
            + put(1)
            + (get(1) + get(0) + b"R0") * 200_000
            + b".",
            "opcodes",
        ),
        "keys of one hash": (
            b"}("
            + b"".join(
                b"\x8a\x08" + struct.pack("<q", (i << 40) - (1 << 62)) + b"N"
                for i in range(90_000)
            )
            + b"u.",
            "",
        ),
    }


@functools.cache
def torch_files():
    """Pairs of a file of torch.save and what the error must say."""
    zeros = bytes(4_000_000)
    one = tensor(storage("FloatStorage", "0", 1_000_000), (10,), (1,))
    repeated = tensor(storage("FloatStorage", "0", 4), (2000,) * 5, (0,) * 5)
    past = tensor(storage("FloatStorage", "0", 4), (2, 2), (3, 1))
    wide = b"(" + b"".join(
        tensor(storage("BFloat16Storage", f"{i}", 40_000_000), (1,), (1,))
        for i in range(9)
    )
    return {
        "a repeated tensor": (
            archive({"data.pkl": repeated + b".", "data/0": bytes(16)}),
            "reaches past its storage of 4 numbers, or repeats them",
        ),
        "a tensor past its storage": (
            archive({"data.pkl": past + b".", "data/0": bytes(16)}),
            "reaches past its storage",
        ),
        "a missing storage": (archive({"data.pkl": one + b"."}), "missing"),
        "a short storage": (
            archive({"data.pkl": one + b".", "data/0": bytes(16)}),
            "but has 4",
        ),
        "a packed storage that is too large": (
            archive(
                {"data.pkl": b"]" + one + b"a.", "data/0": bytes(300 << 20)},
                compression=zipfile.ZIP_DEFLATED,
            ),
            "bytes of memory",
        ),
        "packed opcodes": (
            archive(
                {"data.pkl": b"]0" * 20_000_000},
                compression=zipfile.ZIP_DEFLATED,
            ),
            "opcodes",
        ),
        "storages that grow": (
            archive(
                {
                    "data.pkl": wide + b"t.",
                    **{f"data/{i}": bytes(80_000_000) for i in range(9)},
                },
                compression=zipfile.ZIP_DEFLATED,
                compresslevel=1,
            ),
            "bytes of memory",
        ),
        "overlapping members": (_overlapping(zeros), "overlap"),
        "an encrypted member": (_encrypted(), "encrypted"),
        "two pickles": (
            archive({"a/data.pkl": b"N.", "b/data.pkl": b"N."}, root=""),
            "this one has 2",
        ),
        "no pickle": (archive({"code.py": b"N."}), "this one has 0"),
        "an unknown method": (
            archive({"data.pkl": b"N."}, compression=zipfile.ZIP_BZIP2),
            "zip method 12",
        ),
        "a call in an archive": (
            archive({"data.pkl": line("os", "system") + b"."}),
            "`os.system`",
        ),
        "a call in a stream": (stream(line("os", "system")), "`os.system`"),
        "a stream without its storage": (stream(one), "damaged"),
        "a stream of a huge storage": (
            stream(storage("FloatStorage", "0", 2**31 - 1)),
            "does not fit",
        ),
        "a stream of storages no one uses": (
            stream(b"N", b"]" + text("0") + b"a", bytes(8)),
            "does not use",
        ),
        "a storage of an unknown type": (
            stream(storage("QInt8Storage", "0", 1)),
            "`torch.QInt8Storage`",
        ),
    }


def _overlapping(content):
    """An archive in which many names mean one member."""
    count = 3_000
    value = b"(" + b"".join(
        tensor(storage("FloatStorage", f"{i:04d}", 1), (1,), (1,))
        for i in range(count)
    )
    members = {f"data/{i:04d}": b"" for i in range(count)}
    file = bytearray(
        archive({"data.pkl": value + b"t.", **members, "data/x": content})
    )
    entries, at = [], 0
    while (at := file.find(b"PK\x01\x02", at)) >= 0:
        entries.append(at)
        at += 4
    last = entries[-1]
    for entry in entries[1:-1]:
        file[entry + 16 : entry + 28] = file[last + 16 : last + 28]
        file[entry + 42 : entry + 46] = file[last + 42 : last + 46]
    return bytes(file)


def _encrypted():
    file = bytearray(archive({"data.pkl": b"N."}))
    file[file.find(b"PK\x01\x02") + 8] |= 1
    return bytes(file)
