"""Says in few words what was copied and what was not."""

import dataclasses
import typing

COPIED, ADAPTED, SILENT, NEW = "copied", "adapted", "silent", "new"


class Row(typing.NamedTuple):
    """What came of one weight."""

    path: str
    is_trainable: bool
    size: int  # numbers in it
    state: str  # COPIED, ADAPTED (in part), SILENT (new and zero) or NEW

    @property
    def is_kept(self):
        """Whether anything of the other network is in it."""
        return self.state in (COPIED, ADAPTED)


@dataclasses.dataclass
class Copied:
    """What `copying.copy` did to a network.

    Attributes:
        rows: A `Row` a weight.
        left: Paths of the other network's weights that have no place.
    """

    rows: list
    left: list

    @property
    def is_whole(self):
        """Whether the networks are alike."""
        return not self.left and all(row.state == COPIED for row in self.rows)

    def share(self, part=""):
        """Share of the trainable numbers that were copied, below a path."""
        sizes = [
            (row.size, row.is_kept)
            for row in self.rows
            if row.is_trainable and row.path.startswith(part)
        ]
        kept = sum(size for size, is_kept in sizes if is_kept)
        return kept / max(sum(size for size, _ in sizes), 1)

    def as_dict(self):
        """Numbers and paths, for JSON."""
        trainable = [row for row in self.rows if row.is_trainable]
        return {
            "weights": len(self.rows),
            "copied": sum(row.is_kept for row in self.rows),
            "parameters": sum(row.size for row in trainable),
            "copied_parameters": sum(
                row.size for row in trainable if row.is_kept
            ),
            "adapted": self._paths(ADAPTED),
            "new": self._paths(SILENT, NEW),
            "left": self.left,
        }

    def text(self):
        """One line: `copied 74 of 86 weights (...); new: ...`."""
        told = self.as_dict()
        parts = [
            f"copied {told['copied']} of {told['weights']} weights "
            f"({told['copied_parameters']:,} of {told['parameters']:,} "
            "parameters)"
        ]
        paths = [row.path for row in self.rows]
        for name, listed, among in (
            ("adapted", told["adapted"], paths),
            ("new", told["new"], paths),
            ("left out", self.left, []),
        ):
            if listed:
                parts.append(f"{name}: {', '.join(_groups(listed, among))}")
        return "; ".join(parts)

    def _paths(self, *states):
        return [row.path for row in self.rows if row.state in states]


def _groups(paths, among):
    """Words for some of the paths: `all at 64 (12 weights)`.

    Args:
        paths: To be told.
        among: All that there are; blocks that `paths` has whole are told so.
    """
    named, counts = {}, {}
    for path in paths:
        block, part = _place(path)
        rest = [each for each in among if _place(each)[0] == block]
        if rest and all(each in paths for each in rest):
            part = "all"
        # Of blocks each part is told once, of the mapping all parts.
        key, member = (part, block) if block.isdecimal() else (block, part)
        named.setdefault(key, {})[member] = None
        counts[key] = counts.get(key, 0) + 1
    words = []
    for key, members in named.items():
        told = f"{key} at {', '.join(members)}"
        if not all(each.isdecimal() for each in members):
            told = key if "all" in members else f"{key} {', '.join(members)}"
        plural = "s" if counts[key] > 1 else ""
        words.append(f"{told} ({counts[key]} weight{plural})")
    return words


def _place(path):
    """Where a weight is: the resolution of its block, or "mapping"; its part.

    Of `synthesis/b32/conv0/conv/kernel` that is 32 and conv0.
    """
    block, part = path.removeprefix("synthesis/").split("/")[:2]
    return block.removeprefix("b"), part
