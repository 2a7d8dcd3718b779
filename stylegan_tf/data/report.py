"""Counts images kept, converted and skipped, and reports them."""

import collections
import dataclasses
import pathlib

from stylegan_tf import commands, terminal
from stylegan_tf.data import deep, shapes, sources

FEW_IMAGES = 30_000  # below, augmentation and transfer help most
_LISTED = 5
_USE_LABELS = "--config.data.use_labels=true"
# Pictures of cameras, phones and drawing programs that Pillow can not read.
_PHOTOS = tuple(
    f".{kind}" for kind in "heic heif avif cr2 cr3 nef arw dng psd svg".split()
)


@dataclasses.dataclass
class Report:
    source: object  # that was read
    target: object  # `convert.Target`
    output: str  # where the data set is
    kept: list = dataclasses.field(default_factory=list)  # indices
    skipped: list = dataclasses.field(default_factory=list)  # (file, reason)
    copies: list = dataclasses.field(default_factory=list)  # (file, first one)
    # Images by what was converted, and by the size of the input, WxH.
    converted: dict = dataclasses.field(default_factory=collections.Counter)
    sizes: dict = dataclasses.field(default_factory=collections.Counter)
    values: tuple | None = None  # lowest, highest of more than 8 bits

    def add(self, result):
        """Counts one `convert.Result`."""
        if result.copy_of is not None:
            files = map(self.source.file, (result.index, result.copy_of))
            self.copies.append(tuple(files))
            return
        if result.data is None:
            file = self.source.file(result.index)
            self.skipped.append((file, result.reason))
            return
        self.kept.append(result.index)
        self.converted.update(result.notes)
        self.sizes[result.size] += 1
        if result.values:
            low, high = self.values or result.values
            low, high = min(low, result.values[0]), max(high, result.values[1])
            self.values = low, high

    def lines(self, dry_run=False):
        """The report as lines of text."""
        height, width, channels = self.target.image_shape
        size = f"{width}x{height}x{channels}"
        output = terminal.escaped(self.output)
        yield f"kept:       {terminal.counted(len(self.kept), 'image')}, {size}"
        yield f"from:       {_counts(self.sizes)} pixels"
        if self.converted:
            yield f"converted:  {_counts(self.converted)}"
        yield from self._value_lines()
        yield from self._skipped_lines()
        if self.source.unread:
            yield from _listed("unread:    ", self.source.unread)
        yield f"labels:     {sources.describe_labels(self.source)}"
        for note in self.source.notes:
            yield f"            {note}"
        if dry_run:
            yield f"dry run:    nothing was written to {output}"
            return
        yield f"written to: {output} ({_bytes(self.output)})"
        yield "to train a narrow network, on a CPU:"
        yield f"  {self.train_command(is_narrow=True)}"
        yield "to train on GPUs:"
        yield f"  {self.train_command()}"
        if self.source.label_rows is not None:
            yield f"either is conditioned on the labels with {_USE_LABELS}"
        yield "what suits these images and this machine:"
        yield f"  {commands.line('doctor', f'--dataset={self.output}')}"

    @property
    def is_few(self):
        """Whether adaptive augmentation would help."""
        return len(self.kept) < FEW_IMAGES

    def train_command(self, is_narrow=False):
        """The command that trains on what was written."""
        stem = pathlib.Path(self.output).name.removesuffix(".zip")
        wide = "ada.py:auto" if self.is_few else "stylegan2.py:f"
        arguments = [
            f"--config=configs/{'ada.py:small' if is_narrow else wide}",
            f"--config.data.path={self.output}",
            *shapes.train_flags(self.target.image_shape),
            f"--workdir=runs/{stem}",
        ]
        return commands.line("train", *arguments)

    def _skipped_lines(self):
        others = self.source.others
        if others:
            listed = ", ".join(map(terminal.escaped, others[:_LISTED]))
            more = ", ..." * (len(others) > _LISTED)
            yield f"left alone: {len(others)} other files: {listed}{more}"
        photos = [name for name in others if name.lower().endswith(_PHOTOS)]
        if photos:
            yield (
                f"            {len(photos)} of a kind that is not read, such "
                f"as {terminal.escaped(photos[0])}: convert to JPEG or PNG"
            )
        if self.copies:
            yield from _listed("copies:    ", self.copies)
        yield from _listed("skipped:   ", self.skipped)

    def _value_lines(self):
        if not self.values:
            return
        low, high = self.values
        given = self.target.white_level
        white = f"{given:g} (--white_level)" if given else deep.WHITE_16
        yield (
            f"values:     {low:g} to {high:g} in images of more than 8 bits; "
            f"white is {white}"
        )
        if given and high > given:
            yield "            all above it became white too"
        bits = int(high).bit_length()
        if not given and 0 < bits < 16:
            yield (
                f"            {bits} of 16 bits are used. If that is too dark: "
                f"--white_level={2**bits - 1}"
            )


def _listed(title, pairs):
    yield f"{title} {len(pairs)}"
    for file, reason in pairs:
        yield f"  {terminal.escaped(file)}: {terminal.escaped(reason)}"


def _counts(counter):
    listed = counter.most_common(_LISTED)
    rest = counter.total() - sum(count for _, count in listed)
    texts = [f"{what} ({count})" for what, count in listed]
    return ", ".join(texts + [f"others ({rest})"] * (rest > 0))


def _bytes(path):
    path = pathlib.Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    total = sum(file.stat().st_size for file in files if file.is_file())
    return f"{total / 1e6:.1f} MB"
