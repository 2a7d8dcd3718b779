"""The flags that say where a tool starts: a network and styles of its own."""

import dataclasses
import typing

from absl import flags

from stylegan_tf import classes as classes_lib
from stylegan_tf.command_line import tool, values

ALL = "all"  # of --class

flags.disclaim_key_flags()  # they are those of the tool that defines them


@dataclasses.dataclass(frozen=True)
class Points:
    """The flags, as `flags.DEFINE_...` returned them; see `define`."""

    network: typing.Any
    seeds: typing.Any
    chosen_class: typing.Any
    psi: typing.Any
    cutoff: typing.Any
    ws: typing.Any
    direction: typing.Any
    directions: typing.Any
    raw: typing.Any

    def refuse_odd(self, *, truncates=False, has_network=True):
        """Raises `ValueError` for flags that do not go together.

        Before TensorFlow is imported, which takes seconds.

        Args:
            truncates: Whether --truncation_cutoff has a meaning by itself.
            has_network: Whether --network is needed.
        """
        if has_network:
            tool.require(network=self.network.value)
        self.seeds_given()
        values.moves(self.direction.value)
        if self.psi.value == 1 and not truncates:
            tool.refuse_given(
                "changes nothing without --truncation_psi, such as 0.7",
                self.cutoff,
            )
        if self.ws.value:
            tool.refuse_given(
                "is not for --ws, which has styles of its own",
                self.seeds,
                self.chosen_class,
            )
        if bool(self.direction.value) != bool(self.directions.value):
            raise ValueError(
                "--direction=NAME:AMOUNT and --directions=FILE go together: "
                "the file is what tools.directions wrote"
            )

    def open(self, source=None, *, takes_all_classes=False):
        """The network, a `generators.Bound`, for which the flags are right.

        Args:
            source: What to open; by default that of --network.
            takes_all_classes: Whether --class may be missing.
        """
        from stylegan_tf import checkpoint, generators

        source = source or self.network.value
        if self.raw.value:
            snapshot = checkpoint.load(source)
            found = generators.of_snapshot(snapshot, raw=True)
        else:
            found = generators.open(source)
        if not found.can_truncate and self.psi.value != 1:
            tool.refuse_given("is not for ProGAN: it has no mean w", self.psi)
        if not self.ws.value:
            class_of(
                self.chosen_class.value,
                found.config,
                is_needed=not takes_all_classes,
            )
        self.moves(found)
        return found

    def styles(self, generator, seeds=None, classes=None):
        """Styles `[N, L, D]`, and the noise that belongs to them.

        Args:
            generator: What `open` gave.
            seeds: A list; None for the file's styles, or those of the flags.
            classes: One for each seed; by default that of --class, or all
                in turn.
        """
        ws, noise = self.unmoved(generator, seeds, classes)
        return self._moved(ws, generator), noise

    def unmoved(self, generator, seeds=None, classes=None):
        """As `styles`, before --direction moves them."""
        if self.ws.value and seeds is None:
            ws, noise = self._file(generator)
            return self._truncated(ws, generator), noise
        seeds = self.seeds_given() if seeds is None else seeds
        z = generator.latents(seeds)
        return self._mapped(z, generator, classes), "const"

    def styles_of(self, z, generator):
        """Styles `[..., L, D]` of z `[..., Z]`, as those of seeds."""
        rows = self._mapped(z.reshape(-1, z.shape[-1]), generator)
        ws = self._moved(rows, generator)
        return ws.reshape(*z.shape[:-1], *ws.shape[1:])

    def moves(self, generator):
        """Pairs of a `direction_files.Direction` and how far to go."""
        if not self.direction.value:
            return []
        from stylegan_tf.editing import direction_files

        known = direction_files.read(self.directions.value)
        return [
            (direction_files.find(known, name, generator.ws_shape), amount)
            for name, amount in values.moves(self.direction.value)
        ]

    def batches(self, generator, number=None):
        """Yields seeds, styles and noise of one batch after the other.

        The seeds of a file's styles are None, and one batch holds them all.

        Args:
            generator: What `open` gave.
            number: Of a class, in place of that of --class.
        """
        if self.ws.value:
            yield None, *self.styles(generator)
            return
        seeds, size = self.seeds_given(), generator.batch_size
        for start in range(0, len(seeds), size):
            some = seeds[start : start + size]
            own = None if number is None else [number] * len(some)
            yield some, *self.styles(generator, some, own)

    def names(self, generator):
        """A name for every image: `seed0005`, or `ws0005` of a file."""
        if self.ws.value:
            count = len(self._file(generator).ws)
            return [f"ws{index:04d}" for index in range(count)]
        return [f"seed{seed:04d}" for seed in self.seeds_given()]

    def seeds_given(self):
        """The seeds of --seeds."""
        return values.seeds(self.seeds.value)

    def _file(self, generator):
        from stylegan_tf.editing import latent_files

        return latent_files.fitting(self.ws.value, generator)

    def _mapped(self, z, generator, classes=None):
        if classes is None:
            count = len(z)
            chosen = class_of(
                self.chosen_class.value, generator.config, is_needed=False
            )
            classes = range(count) if chosen is None else [chosen] * count
        labels = generator.labels(classes)
        return self._truncated(generator.map(z, labels), generator)

    def _truncated(self, ws, generator):
        return generator.truncate(ws, self.psi.value, self.cutoff.value)

    def _moved(self, ws, generator):
        from stylegan_tf.editing import direction_files

        for direction, amount in self.moves(generator):
            ws = direction_files.move(ws, direction, amount)
        return ws


def note_on_all(config):
    """One line if a class of the network is called `all`, else ""."""
    if ALL not in config.label_names:
        return ""
    number = config.label_names.index(ALL)
    return f"--class=all is every class; that called all is --class={number}"


def class_of(text, config, *, is_needed=True):
    """What `classes.chosen` says of --class; None of all.

    Args:
        text: Of --class, None if it was not given.
        config: The network's.
        is_needed: Whether a network with classes needs one; else `all` is
            as good as none.

    Raises:
        ValueError: If there is no such class, or one is missing.
    """
    if not config.label_size:
        if text is not None:
            raise ValueError("--class: this network has no classes")
        return None
    if text is None or text == ALL:
        if is_needed:
            what = "is needed" if text is None else "must be one here, not all"
            there = classes_lib.listed(config)
            note = f". {note_on_all(config)}".removesuffix(". ")
            raise ValueError(f"--class {what}: this network has {there}{note}")
        return None
    return classes_lib.chosen(text, config)


def define(*, seeds="0-7", truncation_psi=1.0):
    """Defines the flags; returns `Points`.

    Args:
        seeds: The default of --seeds.
        truncation_psi: That of --truncation_psi.
    """
    return Points(
        network=flags.DEFINE_string(
            "network",
            None,
            "Run directory, snapshot, imported network, official file or its "
            "name, or a SavedModel of tools.export.",
        ),
        seeds=flags.DEFINE_string("seeds", seeds, "E.g. 1,2,5-8."),
        chosen_class=flags.DEFINE_string(
            "class",
            None,
            "Class of every image, its number or name, or all of them; of "
            "labels that are vectors several parts: glasses+smile.",
        ),
        psi=flags.DEFINE_float(
            "truncation_psi", truncation_psi, "1 for no truncation."
        ),
        cutoff=flags.DEFINE_integer(
            "truncation_cutoff",
            None,
            "How many of the first layers it reaches; by default all.",
            lower_bound=0,
        ),
        ws=flags.DEFINE_string(
            "ws", None, "Styles of tools.project, an npz, in place of seeds."
        ),
        direction=flags.DEFINE_string(
            "direction",
            None,
            "How far to go along directions, in their standard deviations: "
            "glasses:2.5,smile:-1.",
        ),
        directions=flags.DEFINE_string(
            "directions", None, "What tools.directions wrote, an npz."
        ),
        raw=flags.DEFINE_bool(
            "raw",
            False,
            "Use the weights of the last step, not the averaged ones.",
        ),
    )
