"""What Linux tells of this machine's processor."""

import pathlib

_INFO = pathlib.Path("/proc/cpuinfo")
# Without one of them a precision is computed piece by piece: 15 times slower
# than float32 was measured in bfloat16 (0.4 against 6.1 images/s at 64x64).
_NEEDED = {
    "bfloat16": ("avx512_bf16", "amx_bf16"),
    "float16": ("avx512_fp16", "amx_fp16"),
}

# The widest first; oneDNN takes the widest there is.
_INSTRUCTIONS = {"amx_bf16": "AMX", "avx512f": "AVX-512", "avx2": "AVX2"}


def model():
    """Its name, empty where nothing tells."""
    return _line("model name")


def flags():
    """What an x86 processor can do, empty of others: a set of names."""
    return set(_line("flags").split())


def instructions():
    """The widest that convolutions have: `AVX2`, empty of other processors."""
    known = flags()
    return next((n for f, n in _INSTRUCTIONS.items() if f in known), "")


def missing(precision, flags):
    """What makes a precision fast and is not there, in words; "" if nothing.

    Nothing is said of processors without `flags`.
    """
    needed = _NEEDED.get(precision, ())
    if not flags or not needed or flags & set(needed):
        return ""
    return " or ".join(needed)


def _line(name):
    """The first value of a name."""
    try:
        lines = _INFO.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    parts = [line.partition(":") for line in lines]
    values = [v for key, colon, v in parts if colon and key.strip() == name]
    return values[0].strip() if values else ""
