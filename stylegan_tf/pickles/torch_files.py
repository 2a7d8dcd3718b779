"""Reads both formats of `torch.save` as plain containers and arrays.

TorchScript archives are read too; their code is not looked at.
"""

import functools

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
    budget = refusal.Budget(len(view))
    with refusal.explaining("damaged"):
        if zip_members.is_zip(view):
            return unpickler.checked(_read_archive(view, budget))
        if torch_streams.is_stream(view):
            reader = unpickler.Unpickler(view, budget, depth=1)
            return unpickler.checked(torch_streams.read(reader))
    raise refusal.RefusedPickle(
        "this is no file of torch.save, neither a zip archive nor a stream "
        "with torch's magic number"
    )


def is_torch(view):
    """Whether `read_torch` knows the format of these bytes."""
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


def _read_archive(view, budget):
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

    def read(name):
        return zip_members.read(view, members[roots[0] + name], budget)

    order = roots[0] + "byteorder"
    is_little = order not in members or bytes(read("byteorder")) != b"big"

    @functools.cache
    def storage(symbol, key, numel):
        if f"{roots[0]}data/{key}" not in members:
            raise refusal.RefusedPickle(f"storage {key[:80]!r} is missing")
        return torch_tensors.make_storage(
            read(f"data/{key}"), symbol, budget=budget, is_little=is_little
        )

    return unpickler.Unpickler(
        read("data.pkl"), budget, allowed.ARCHIVE_CALLS, storage=storage
    ).load()
