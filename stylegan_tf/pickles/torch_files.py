"""Files of `torch.save`, both formats, as plain containers and arrays.

TorchScript archives are read too; their code is not looked at.
"""

import numpy as np

from stylegan_tf.pickles import (
    allowed,
    foreign_files,
    objects,
    refusal,
    torch_streams,
    torch_tensors,
    unpickler,
    zip_members,
)

_LONGEST_NAME = 200


def read_torch(source):
    """What a .pt file holds: containers, numpy arrays, and stubs.

    Args:
        source: A path, or bytes.

    Raises:
        refusal.RefusedPickle: A `ValueError` that names what was refused.
    """
    view = unpickler.read_bytes(source)
    try:
        if zip_members.is_zip(view):
            return unpickler.checked(_read_archive(view))
        if torch_streams.is_stream(view):
            machine = unpickler.machine(view)
            return unpickler.checked(torch_streams.read(machine, view))
    except refusal.RefusedPickle:
        raise
    except refusal.DAMAGE as error:
        raise refusal.RefusedPickle(refusal.damage(error)) from None
    raise refusal.RefusedPickle(
        "this is no file of torch.save, neither a zip archive nor a stream "
        "with torch's magic number"
    )


def is_torch(source):
    """Whether `read_torch` knows the format of these bytes."""
    view = unpickler.read_bytes(source)
    return zip_members.is_zip(view) or torch_streams.is_stream(view)


def arrays_by_name(value):
    """All arrays in what `read_torch` returned, by dotted name.

    A dictionary's keys and the attributes of a stub, such as a module of
    TorchScript, are the parts of a name.

    Raises:
        refusal.RefusedPickle: If a name is longer than any network's.
    """
    found, seen, waiting = {}, set(), [("", value)]
    while waiting:
        name, each = waiting.pop()
        if len(name) > _LONGEST_NAME:  # of many inside, much memory
            raise refusal.RefusedPickle(
                f"refused the name {name[:80]!r}..., longer than "
                f"{_LONGEST_NAME} letters"
            )
        if isinstance(each, np.ndarray):
            found[name] = each
            continue
        if type(each) is objects.Stub:
            each = each.state
        if type(each) is dict and id(each) not in seen:
            seen.add(id(each))
            prefix = f"{name}." if name else ""
            waiting += [
                (f"{prefix}{str(key)[:_LONGEST_NAME]}", child)
                for key, child in each.items()
            ]
    return found


def _read_archive(view):
    members = zip_members.members(view)
    roots = [
        name.removesuffix("data.pkl")
        for name in members
        if name.endswith("/data.pkl") and name.count("/") == 1
    ]
    if len(roots) != 1:
        contents = foreign_files.archive_contents(members)
        raise refusal.RefusedPickle(
            "a zip archive of torch.save has one member NAME/data.pkl; this "
            f"one has {len(roots)} and is {contents}"
        )
    budget = refusal.Budget(len(view))
    storages = _Storages(view, members, roots[0], budget)
    content = zip_members.read(view, members[roots[0] + "data.pkl"], budget)
    machine = unpickler.machine(
        memoryview(content), storages, allowed.ARCHIVE_CALLS
    )
    machine.budget = budget
    return machine.run()[0]


class _Storages:
    """The storages of an archive, by key."""

    def __init__(self, view, members, root, budget):
        self.view = view
        self.members = members
        self.root = root
        self.budget = budget
        self.found = {}
        order = members.get(root + "byteorder")
        self.is_little = (
            order is None
            or bytes(zip_members.read(view, order, budget)) != b"big"
        )

    def find(self, symbol, key, numel, view):
        """The storage of a persistent id."""
        torch_tensors.storage_type(symbol)
        if type(key) is not str:
            raise refusal.RefusedPickle("refused a storage's key")
        if (symbol, key) not in self.found:
            member = self.members.get(f"{self.root}data/{key}")
            if member is None:
                raise refusal.RefusedPickle(f"storage {key[:80]!r} is missing")
            self.found[symbol, key] = torch_tensors.make_storage(
                zip_members.read(self.view, member, self.budget),
                symbol,
                budget=self.budget,
                is_little=self.is_little,
            )
        return torch_tensors.part_of(self.found[symbol, key], numel, view)
