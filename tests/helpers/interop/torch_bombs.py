"""Files of torch.save that try to take much time or memory."""

import io
import zipfile

from tests.helpers.interop.assembling import (
    archive,
    line,
    storage,
    stream,
    tensor,
    text,
)


def torch_files():
    """Pairs of a file of torch.save and what the error must say."""
    return {**_large(), **_refused()}


def _large():
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
    }


def _refused():
    one = tensor(storage("FloatStorage", "0", 1_000_000), (10,), (1,))
    return {
        "an encrypted member": (_encrypted(), "encrypted"),
        "a long extra field": (_with_extra(bytes(60_000)), "extra field"),
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
            "damaged: KeyError",
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


def _with_extra(content):
    info = zipfile.ZipInfo("archive/data.pkl")
    info.extra = content
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        target.writestr(info, b"N.")
    return file.getvalue()
