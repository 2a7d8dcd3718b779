"""A stack machine that builds plain containers of a pickle, and no more.

Python's own unpickler imports and calls what a file names. This one looks
names up in a short table of pure functions and refuses everything else. It
does not recurse, whatever the nesting.
"""

from stylegan_tf.pickles import numpy_arrays, opcodes, refusal, stack
from stylegan_tf.pickles import objects as objects

_LONGEST_NAME = 4_096  # of a Python 2 string that is a text


class Machine(stack.Stack):
    """Runs one pickle.

    Args:
        view: memoryview of bytes that the pickle lies in.
        budget: A `refusal.Budget`.
        calls: Functions `(machine, arguments)` by `(module, name)`: what
            REDUCE and NEWOBJ may construct, and None for a name that may
            only be mentioned.
        storages: Has `find(symbol, key, numel, view)` for torch's persistent
            ids; None refuses them.
        depth: Streams around this one.
    """

    def __init__(self, view, budget, calls, *, storages=None, depth=0):
        super().__init__()
        self.view = view
        self.budget = budget
        self.calls = calls
        self.storages = storages
        self.depth = depth

    def inner(self, view, storages=None, deeper=0):
        """A machine with the same rules and budget for another stream."""
        return Machine(
            view,
            self.budget,
            self.calls,
            storages=storages,
            depth=self.depth + deeper,
        )

    def run(self, position=0):
        """The value of the pickle at `position`, and where it ends.

        Raises:
            RefusedPickle: With what was refused, and at which byte.
        """
        view, budget, read = self.view, self.budget, opcodes.read
        try:
            while True:
                budget.opcodes_left -= 1
                if budget.opcodes_left < 0:
                    budget.spend_opcodes(1)
                name, argument, end = read(view, position)
                if name == "STOP":
                    return self.pop(), end
                _ACTIONS[name](self, argument)
                position = end
        except refusal.RefusedPickle as error:
            reason = str(error)
        except refusal.DAMAGE as error:
            reason = refusal.damage(error)
        where = " of a torch stream" if self.depth else ""
        raise refusal.RefusedPickle(f"{reason} (byte {position}{where})")

    def _push_text(self, content):
        # Characters take up to four bytes; what they took is known after.
        self.budget.spend_bytes(4 * len(content), "a text")
        text = str(content, "utf-8", "surrogatepass")
        self.budget.bytes_left += 4 * len(content) - text.__sizeof__()
        self.push(text)

    def _push_old_string(self, content):
        """Python 2's strings were texts and bytes."""
        if len(content) <= _LONGEST_NAME:
            content = str(content, "latin-1")
        self.push(content)

    def _push_tuple(self, count):
        items = [self.pop() for _ in range(count)]
        self.push(tuple(reversed(items)))

    def _append(self, items):
        self._target(list).extend(items)

    def _add(self, items):
        self._target(set).update(objects.checked_key(item) for item in items)

    def _set_items(self, items):
        target = self._target(dict)
        if len(items) % 2:
            raise refusal.RefusedPickle("damaged: a key without a value")
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[objects.checked_key(key)] = value

    def _target(self, kind):
        target = self.pop()
        if type(target) is not kind:
            raise refusal.RefusedPickle(
                f"refused to put items into {objects.describe(target)}"
            )
        self.stack.append(target)
        return target

    def _push_symbol(self, names):
        module, name = names
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
        self.push(objects.Symbol(module, name))

    def _stack_global(self, _):
        name = self.pop()
        self._push_symbol((self.pop(), name))

    def _call(self, _):
        arguments, symbol = self.pop(), self.pop()
        if type(symbol) is not objects.Symbol or type(arguments) is not tuple:
            raise refusal.RefusedPickle(
                f"refused to call {objects.describe(symbol)} with "
                f"{objects.describe(arguments)}"
            )
        function = self.calls[symbol.module, symbol.name]
        if function is None:
            raise refusal.RefusedPickle(f"refused to call `{symbol}`")
        self.push(function(self, symbol, arguments))

    def _build(self, _):
        state, target = self.pop(), self.pop()
        if type(target) is numpy_arrays.UnfilledArray:
            array = target.fill(state)
            self.replace(target, array)
            target = array
        elif type(target) is numpy_arrays.Dtype:
            target.set_state(state)
        elif type(target) is objects.Stub and target.state is None:
            target.state = state
        elif type(target) is not dict:  # whose attributes are left out
            raise refusal.RefusedPickle(
                f"refused to give a state to {objects.describe(target)}"
            )
        self.push(target)

    def _persistent(self, _):
        key = self.pop()
        if self.storages is None:
            raise refusal.RefusedPickle(
                f"refused the persistent id {objects.describe(key)}"
            )
        is_storage = type(key) is tuple and len(key) in (5, 6)
        if not is_storage or key[0] != "storage":
            raise refusal.RefusedPickle(
                "refused a persistent id that is no storage: "
                f"{objects.describe(key)}"
            )
        _, symbol, name, _, numel, *view = key
        self.push(self.storages.find(symbol, name, numel, (view or [None])[0]))

    def _protocol(self, version):
        if not 2 <= version <= 5:
            raise refusal.RefusedPickle(
                f"refused pickle protocol {version}, 2 to 5 are read"
            )

    def _frame(self, size):
        if size > len(self.view):
            raise refusal.RefusedPickle(
                f"the file is cut off: a frame of {size} bytes"
            )


def _constant(make):
    return lambda machine, _: machine.push(make())


def _argument(machine, argument):
    machine.push(argument)


_ACTIONS = {
    "NONE": _constant(lambda: None),
    "NEWTRUE": _constant(lambda: True),
    "NEWFALSE": _constant(lambda: False),
    "EMPTY_LIST": _constant(list),
    "EMPTY_DICT": _constant(dict),
    "EMPTY_TUPLE": _constant(tuple),
    "EMPTY_SET": _constant(set),
    "MARK": Machine.mark,
    "POP": lambda machine, _: machine.drop(),
    "POP_MARK": lambda machine, _: machine.pop_to_mark(),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.pop_to_mark())),
    "TUPLE1": lambda machine, _: machine._push_tuple(1),
    "TUPLE2": lambda machine, _: machine._push_tuple(2),
    "TUPLE3": lambda machine, _: machine._push_tuple(3),
    "APPEND": lambda machine, _: machine._append([machine.pop()]),
    "APPENDS": lambda machine, _: machine._append(machine.pop_to_mark()),
    "SETITEM": lambda machine, _: machine._set_items(machine.pop_pair()),
    "SETITEMS": lambda machine, _: machine._set_items(machine.pop_to_mark()),
    "ADDITEMS": lambda machine, _: machine._add(machine.pop_to_mark()),
    "MEMOIZE": lambda machine, _: machine.put(len(machine.memo)),
    "GLOBAL": Machine._push_symbol,
    "STACK_GLOBAL": Machine._stack_global,
    "REDUCE": Machine._call,
    "NEWOBJ": Machine._call,
    "BUILD": Machine._build,
    "BINPERSID": Machine._persistent,
    "PROTO": Machine._protocol,
    "FRAME": Machine._frame,
    **dict.fromkeys(("BINGET", "LONG_BINGET"), Machine.get),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), Machine.put),
    **dict.fromkeys(
        ("BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"),
        _argument,
    ),
    **dict.fromkeys(
        ("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"), _argument
    ),
    **dict.fromkeys(
        ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"), Machine._push_text
    ),
    **dict.fromkeys(("SHORT_BINSTRING", "BINSTRING"), Machine._push_old_string),
}
