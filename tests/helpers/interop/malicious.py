"""Pickles that a reader must refuse, written by hand.

Each is a pair of bytes and what the error must say. Running one of the
commands would make the file `SENTINEL`.
"""

import os
import tempfile

from tests.helpers.interop.assembling import line, name, text

SENTINEL = os.path.join(tempfile.gettempdir(), f"executed-{os.getpid()}")
_COMMAND = f"touch {SENTINEL}"
_CODE = f"open({SENTINEL!r}, 'w')"

CALLS = {
    "os.system": (
        line("os", "system") + text(_COMMAND) + b"\x85R.",
        "`os.system`",
    ),
    "posix.system": (
        name("posix", "system") + text(_COMMAND) + b"\x85R.",
        "`posix.system`",
    ),
    "subprocess": (
        name("subprocess", "Popen") + text(_COMMAND) + b"\x85R.",
        "`subprocess.Popen`",
    ),
    "builtins.eval": (
        line("builtins", "eval") + text(_CODE) + b"\x85R.",
        "`builtins.eval`",
    ),
    "builtins.exec by NEWOBJ": (
        name("builtins", "exec") + text(_CODE) + b"\x85\x81.",
        "`builtins.exec`",
    ),
    "python 2's names": (
        line("__builtin__", "execfile") + text("x") + b"\x85R.",
        "`__builtin__.execfile`",
    ),
    "nested reduce": (
        name("collections", "OrderedDict")
        + b"]"
        + line("os", "system")
        + text(_COMMAND)
        + b"\x85Ra\x85R.",
        "`os.system`",
    ),
    "a getattr chain": (
        line("builtins", "getattr")
        + line("builtins", "__import__")
        + text("os")
        + b"\x85R"
        + text("system")
        + b"\x86R.",
        "`builtins.getattr`",
    ),
    "a dotted name": (
        name("collections", "OrderedDict.__init__.__globals__") + b".",
        "`collections.OrderedDict.__init__.__globals__`",
    ),
    "an attribute of a known module": (
        name("numpy", "load") + text(SENTINEL) + b"\x85R.",
        "`numpy.load`",
    ),
    "a class of TorchScript outside its archives": (
        line("__torch__.nets", "Net") + b")\x81.",
        "`__torch__.nets.Net`",
    ),
    "torch.load": (
        name("torch", "load") + text(SENTINEL) + b"\x85R.",
        "`torch.load`",
    ),
    "copyreg": (
        line("copyreg", "_reconstructor")
        + line("os", "_wrap_close")
        + line("builtins", "object")
        + b"N\x87R.",
        "`copyreg._reconstructor`",
    ),
    "importing": (
        name("importlib", "import_module") + text("antigravity") + b"\x85R.",
        "`importlib.import_module`",
    ),
    "a global named by a list": (b"]" + text("system") + b"\x93.", "a global"),
    "a global named by a number": (
        text("os") + b"K\x01\x93.",
        "refused a global named by 'os' and 1",
    ),
    "a global named by a global": (
        name("numpy", "ndarray") + text("x") + b"\x93.",
        "`numpy.ndarray` and 'x'",
    ),
    "calling a text": (text("os.system") + b")R.", "to call 'os.system'"),
    "calling what may only be named": (
        name("numpy", "ndarray") + b")R.",
        "refused to call `numpy.ndarray`",
    ),
    "calling with a list": (
        name("collections", "OrderedDict") + b"]R.",
        "a value of type list",
    ),
    "keyword arguments": (
        name("collections", "OrderedDict") + b")}\x92.",
        "the opcode NEWOBJ_EX",
    ),
    "INST": (b"(" + text("x") + b"ios\nsystem\n.", "the opcode INST"),
    "OBJ": (b"(" + name("numpy", "ndarray") + b"o.", "the opcode OBJ"),
    "EXT1": (b"\x82\x01.", "the opcode EXT1"),
    "EXT2": (b"\x83\x01\x00.", "the opcode EXT2"),
    "EXT4": (b"\x84\x01\x00\x00\x00.", "the opcode EXT4"),
    "PERSID": (b"Pos.system\n.", "the opcode PERSID"),
    "a persistent id": (text("os.system") + b"Q.", "id 'os.system'"),
    "an out-of-band buffer": (b"\x97.", "the opcode NEXT_BUFFER"),
    "a text integer": (b"I1\n.", "the opcode INT"),
    "a text string": (b"S'x'\n.", "the opcode STRING"),
    "DUP": (b"]2.", "the opcode DUP"),
    "an unknown opcode": (b"\xff.", "0xff"),
    "protocol 6": (b"\x80\x06N.", "protocol 6"),
    "protocol 0": (b"\x80\x00N.", "protocol 0"),
}
