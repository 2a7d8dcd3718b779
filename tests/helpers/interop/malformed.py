"""Pickles that make no sense, and what the error must say."""

from tests.helpers.interop.assembling import dtype, line, name, text

_TENSOR = name("torch._utils", "_rebuild_tensor_v2")
_DTYPE = dtype()
_ARRAY = name("numpy.core.multiarray", "_reconstruct") + b")R"
_NETWORK = name("dnnlib.tflib.network", "Network") + b")\x81"
_PERSISTENT = name("torch_utils.persistence", "_reconstruct_persistent_obj")

STATES = {
    "a state of a list": (b"]}b.", "state to a value of type list"),
    "a state of a global": (
        name("numpy", "ndarray") + b"}b.",
        "state to `numpy.ndarray`",
    ),
    "a state of a number": (b"K\x01}b.", "state to 1"),
    "a second state": (_NETWORK + b"}b}b.", "`dnnlib.tflib.network.Network`"),
    "items of a stub": (
        _NETWORK + text("__setstate__") + line("os", "system") + b"s.",
        "`os.system`",
    ),
    "items of a stub, plain": (
        _NETWORK + text("__setstate__") + b"Ns.",
        "items into a stub of `dnnlib.tflib.network.Network`",
    ),
    "appending to a tuple": (b")Na.", "items into a value of type tuple"),
    "a network with arguments": (
        name("tfutil", "Network") + text("x") + b"\x85\x81.",
        "arguments of `tfutil.Network`",
    ),
    "a persistent object of no dict": (
        _PERSISTENT + text("import os") + b"\x85R.",
        "_reconstruct_persistent_obj",
    ),
    "a tuple as key": (b"})\x85Ns.", "the key a value of type tuple"),
    "a list in a set": (b"\x8f(]\x90.", "the key a value of type list"),
    "a long integer as key": (
        b"}\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01Ns.",
        "the key",
    ),
    "an odd number of items": (b"}(Nu.", "a key without a value"),
    "an encoding": (
        name("_codecs", "encode") + text("x") + text("rot13") + b"\x86R.",
        "encoding other than latin1",
    ),
}

ARRAYS = {
    "an array of objects": (
        name("numpy", "dtype") + text("O8") + b"\x89\x88\x87R.",
        "numpy type 'O8'",
    ),
    "an array of records": (
        name("numpy", "dtype") + text("f4,O") + b"\x85R.",
        "numpy type 'f4,O'",
    ),
    "a type by a list": (
        name("numpy", "dtype") + b"]\x85R.",
        "numpy type a value of type list",
    ),
    "a type with fields": (
        _DTYPE + b"(K\x03" + text("<") + b"N}NNNK\x00tb.",
        "no plain number",
    ),
    "too little content": (
        _ARRAY + b"(K\x01(K\x04K\x04t" + _DTYPE + b"\x89C\x04abcdtb.",
        "needs 64 bytes, but has 4",
    ),
    "a huge array": (
        _ARRAY
        + b"(K\x01(\x8a\x05\xff\xff\xff\xff\x00t"
        + _DTYPE
        + b"\x89C\x00tb.",
        "bytes, but has 0",
    ),
    "a negative size": (
        _ARRAY + b"(K\x01(J\xff\xff\xff\xfft" + _DTYPE + b"\x89C\x00tb.",
        "an array's shape",
    ),
    "many dimensions": (
        _ARRAY + b"(K\x01(" + b"K\x01" * 40 + b"t" + _DTYPE + b"\x89C\x00tb.",
        "an array's shape",
    ),
    "an array without content": (_ARRAY + b".", "an array has no content"),
    "an array that lists itself": (
        _ARRAY + b"q\x00]h\x00ah\x00(K\x01)" + _DTYPE + b"\x89C\x04abcdtb0.",
        "an array has no content",
    ),
    "a tensor of a text": (
        _TENSOR + b"(" + text("x") + b"K\x00)))t" + b"R.",
        "a tensor of 'x'",
    ),
    "a storage by a wrong magic number": (
        name("torch.storage", "_load_from_bytes")
        + b"C\x0f\x80\x02\x8a\n\x00\x00\x9cF\xf9 j\xa8P\x19."
        + b"\x85R.",
        "torch stream",
    ),
}


def damaged():
    """Bytes that break the stack or the memo."""
    return {
        "nothing": (b"", "cut off"),
        "no end": (b"\x80\x03]", "cut off"),
        "an empty stack": (b".", "the stack is empty"),
        "no mark": (b"t.", "the stack is empty"),
        "below the mark": (b"N(\x85.", "stack is empty"),
        "a missing value": (b"h\x05.", "not found at index 5"),
        "a missing value far off": (b"j\xff\xff\xff\xff.", "not found"),
        "a far value, with no room made": (
            b"Nr\xff\xff\xff\x7f\x86.",
            "stack is empty",
        ),
        "a name without end": (b"cos\nsystem", "has no end"),
        "a long name": (b"c" + b"x" * 10_000 + b"\ny\n.", "has no end"),
        "a text longer than the file": (
            b"X\xff\xff\xff\xffabc.",
            "4294967295 bytes should follow",
        ),
        "bytes longer than memory": (
            b"\x8e" + b"\xff" * 8 + b".",
            "BINBYTES8 exceeds",
        ),
        "a frame longer than memory": (
            b"\x80\x04\x95" + b"\xff" * 8 + b"N.",
            "cut off",
        ),
        "a long integer": (
            b"\x8b\x00\x00\x10\x00" + b"\x01" * (1 << 20) + b".",
            "the opcode LONG4",
        ),
        "a text of no encoding": (b"\x8c\x02\xff\xfe.", "damaged"),
    }
