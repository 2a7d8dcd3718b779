"""Unpickles plain containers, arrays and stand-ins; nothing in a file is run.

Python's unpickler imports and calls what a file names. This one keeps those
of its opcodes that only move plain values about. Whatever looks up, calls,
sets or allocates is written here, within limits, and all else is refused.
"""

import pathlib
import pickle
import pickletools
import struct

from stylegan_tf.pickles import (
    allowed,
    numpy_arrays,
    objects,
    refusal,
    torch_tensors,
)

_MOST_LEVELS = 200
_LONGEST_LINE = 512  # bytes of a module's or a class's name
_LONGEST_NAME = 4_096  # bytes of a Python 2 string that is a text
_KEPT = (
    "NONE NEWTRUE NEWFALSE EMPTY_LIST EMPTY_DICT EMPTY_TUPLE EMPTY_SET MARK "
    "POP POP_MARK TUPLE TUPLE1 TUPLE2 TUPLE3 MEMOIZE BINGET LONG_BINGET BINPUT "
    "LONG_BINPUT BININT BININT1 BININT2 BINFLOAT LONG1 SHORT_BINBYTES BINBYTES "
    "BINBYTES8 GLOBAL BINPERSID"
)


def load(source):
    """The value of a pickle: plain containers, numpy arrays and stubs.

    Nothing is imported, called or run: a short list of classes and functions
    (`allowed`) has stand-ins, all others are refused. Arrays are read-only
    views of the file's bytes.

    Args:
        source: A path, or bytes.

    Raises:
        refusal.RefusedPickle: A `ValueError` that names what was refused,
            and where.
    """
    view = read_bytes(source)
    return checked(Unpickler(view, refusal.Budget(len(view))).load())


def read_bytes(source):
    """A memoryview of a file's bytes, or of bytes."""
    if isinstance(source, (bytes, memoryview)):
        return memoryview(source)
    return memoryview(pathlib.Path(source).read_bytes())


def checked(value):
    """`value`, if all its arrays are there and it is not nested too deep."""
    seen, level = set(), {id(value): value}
    for _ in range(_MOST_LEVELS):
        if any(type(x) is numpy_arrays.UnfilledArray for x in level.values()):
            raise refusal.RefusedPickle("damaged: an array has no content")
        seen.update(level)
        level = {
            id(child): child
            for each in level.values()
            for child in objects.children(each)
            if id(child) not in seen
        }
        if not level:
            return value
    raise refusal.RefusedPickle(
        f"values are nested more than {_MOST_LEVELS} levels deep"
    )


class _Memo(dict):
    """Values that a pickle has stored, by number."""

    def __setitem__(self, index, value):
        super().__setitem__(index, value)
        if type(value) is numpy_arrays.UnfilledArray:
            value.memo_keys.append(index)


class Unpickler(pickle._Unpickler):
    """Reads pickles that follow each other.

    Args:
        view: memoryview of bytes that the pickles lie in.
        budget: A `refusal.Budget`.
        calls: Functions `(unpickler, symbol, *arguments)` by `(module,
            name)`: what a pickle may call, and None for a name that it may
            only mention.
        storage: Function `(symbol, key, numel)` that gives torch's storages;
            None refuses persistent ids.
        depth: Streams around this one.
    """

    def __init__(
        self, view, budget, calls=allowed.CALLS, *, storage=None, depth=0
    ):
        self.view, self.position = view, 0
        self.budget, self.calls = budget, calls
        self.storage, self.depth = storage, depth

    def load(self):
        """The value of the pickle at `position`, which moves to its end.

        Raises:
            RefusedPickle: With what was refused, and at which byte.
        """
        self.stack, self.metastack, self.memo = [], [], _Memo()
        self.append = self.stack.append
        try:
            while True:
                start = self.position
                code = self.read(1)[0]
                self.budget.spend_opcodes(1)
                if code == pickle.STOP[0]:
                    return self.stack.pop()
                self.dispatch[code](self)
        except IndexError:
            reason = "damaged: the stack is empty"
        except refusal.RefusedPickle as error:
            reason = str(error)
        except refusal.DAMAGE as error:
            reason = f"damaged: {type(error).__name__}: {str(error)[:200]}"
        where = " of a torch stream" if self.depth else ""
        raise refusal.RefusedPickle(f"{reason} (byte {start}{where})")

    def read(self, size):
        """A view of the next `size` bytes."""
        content = self.view[self.position : self.position + size]
        if len(content) < size:
            raise refusal.RefusedPickle(
                f"the file is cut off: {size} bytes should follow, but there "
                f"are {len(content)}"
            )
        self.position += size
        return content

    def readline(self):
        """Bytes up to the end of a line, which is short."""
        start = self.view[self.position : self.position + _LONGEST_LINE]
        length = bytes(start).find(b"\n") + 1
        if not length:
            raise refusal.RefusedPickle(
                "the name of a global has no end, or the file is cut off"
            )
        return bytes(self.read(length))

    def find_class(self, module, name):
        """The `Symbol` of a global, if it is among those that are known."""
        if type(module) is not str or type(name) is not str:
            raise refusal.RefusedPickle(
                f"refused a global named by {objects.describe(module)} and "
                f"{objects.describe(name)}"
            )
        if (module, name) not in self.calls:
            raise refusal.RefusedPickle(
                f"refused the global `{module[:200]}.{name[:200]}`: objects of "
                "programs are never made, arrays of a state dictionary are read"
            )
        return objects.Symbol(module, name)

    def persistent_load(self, key):
        """The storage of torch, or the part of one, that `key` stands for."""
        match key:
            case ("storage", symbol, str(name), _, numel, *view):
                if self.storage:
                    torch_tensors.storage_type(symbol)
                    storage = self.storage(symbol, name, numel)
                    return torch_tensors.part_of(storage, numel, *view)
        raise refusal.RefusedPickle(
            f"refused the persistent id {objects.describe(key)}"
        )

    def _protocol(self):
        version = self.read(1)[0]
        if not 2 <= version <= 5:
            raise refusal.RefusedPickle(
                f"refused pickle protocol {version}, 2 to 5 are read"
            )

    def _frame(self):
        (size,) = struct.unpack("<Q", self.read(8))
        self.read(size)
        self.position -= size

    def _top(self, count):
        return [self.stack.pop() for _ in range(count)][::-1]

    def _put(self, kind, items):
        """Puts items into the container of a kind on top of the stack."""
        target = self.stack[-1]
        if type(target) is not kind:
            raise refusal.RefusedPickle(
                f"refused to put items into {objects.describe(target)}"
            )
        if kind is list:
            target.extend(items)
        elif kind is set:
            target.update(map(objects.checked_key, items))
        elif len(items) % 2:
            raise refusal.RefusedPickle("damaged: a key without a value")
        else:
            keys = map(objects.checked_key, items[::2])
            target.update(zip(keys, items[1::2], strict=True))

    def _call(self):
        symbol, arguments = self._top(2)
        if type(symbol) is not objects.Symbol or type(arguments) is not tuple:
            raise refusal.RefusedPickle(
                f"refused to call {objects.describe(symbol)} with "
                f"{objects.describe(arguments)}"
            )
        function = self.calls[symbol.module, symbol.name]
        if function is None:
            raise refusal.RefusedPickle(f"refused to call `{symbol}`")
        with refusal.explaining(f"refused the arguments of `{symbol}`"):
            self.append(function(self, symbol, *arguments))

    def _build(self):
        target, state = self._top(2)
        self.append(target)
        if type(target) is numpy_arrays.UnfilledArray:
            self.stack[-1] = array = target.fill(state)
            for index in target.memo_keys:
                if self.memo[index] is target:
                    self.memo[index] = array
            target.memo_keys.clear()
        elif type(target) is numpy_arrays.Dtype:
            target.set_state(state)
        elif type(target) is objects.Stub and target.state is None:
            target.state = state
        elif type(target) is not dict:  # whose attributes are left out
            raise refusal.RefusedPickle(
                f"refused to give a state to {objects.describe(target)}"
            )

    def _text(self, content):
        # Characters take up to four bytes; what they took is known after.
        self.budget.spend_bytes(4 * len(content), "a text")
        text = str(content, "utf-8", "surrogatepass")
        self.budget.bytes_left += 4 * len(content) - text.__sizeof__()
        return text

    def _old_string(self, content):
        """Python 2's strings were texts and bytes."""
        is_short = len(content) <= _LONGEST_NAME
        return str(content, "latin-1") if is_short else content


def _sized(layout, make):
    """Loads what `make` makes of the bytes behind their number."""
    number = struct.Struct(layout)

    def load_sized(self):
        (size,) = number.unpack(self.read(number.size))
        self.append(make(self, self.read(size)))

    return load_sized


class _Dispatch(dict):
    """Functions that load an opcode, by its byte; refuses all others."""

    def __missing__(self, code):
        known = pickletools.code2op.get(chr(code))
        name = known.name if known else f"0x{code:02x}, none of pickle's"
        raise refusal.RefusedPickle(f"refused the opcode {name}")


_OWN = {
    "PROTO": Unpickler._protocol,
    "FRAME": Unpickler._frame,
    "STACK_GLOBAL": lambda self: self.append(self.find_class(*self._top(2))),
    "REDUCE": Unpickler._call,
    "NEWOBJ": Unpickler._call,
    "BUILD": Unpickler._build,
    "APPEND": lambda self: self._put(list, self._top(1)),
    "APPENDS": lambda self: self._put(list, self.pop_mark()),
    "ADDITEMS": lambda self: self._put(set, self.pop_mark()),
    "SETITEM": lambda self: self._put(dict, self._top(2)),
    "SETITEMS": lambda self: self._put(dict, self.pop_mark()),
    "SHORT_BINUNICODE": _sized("<B", Unpickler._text),
    "BINUNICODE": _sized("<I", Unpickler._text),
    "BINUNICODE8": _sized("<Q", Unpickler._text),
    "BYTEARRAY8": _sized("<Q", lambda self, content: content),
    "SHORT_BINSTRING": _sized("<B", Unpickler._old_string),
    "BINSTRING": _sized("<I", Unpickler._old_string),
}
_CODES = {each.name: ord(each.code) for each in pickletools.opcodes}
Unpickler.dispatch = _Dispatch(
    {
        _CODES[name]: pickle._Unpickler.dispatch[_CODES[name]]
        for name in _KEPT.split()
    }
    | {_CODES[name]: load for name, load in _OWN.items()}
)
