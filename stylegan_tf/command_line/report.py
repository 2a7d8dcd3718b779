"""Says what will be trained before training, and what to do next after it."""

import contextlib
import pathlib

import tensorflow as tf

from stylegan_tf import (
    checkpoint,
    classes,
    columns,
    commands,
    rules,
    run_directory,
    snapshot_files,
    terminal,
)
from stylegan_tf.command_line import tool
from stylegan_tf.config import differences
from stylegan_tf.data import sources
from stylegan_tf.training import augmenting
from stylegan_tf.training.planning import estimate

_LONG_HOURS, _NARROW = 100, 64  # a run on a CPU; its networks' maps


def chosen(config, choices, images_seen=0):
    """Says what followed from data and devices, and why; how long it takes."""
    if not choices:
        return
    rows, before = [], ""
    for field, value, reason in choices:
        rows.append((field, rules.shown(value), reason * (reason != before)))
        before = reason
    print("Any of these is changed by --config.FIELD=VALUE:")
    print(columns.aligned(rows, indent="  "))
    print(_duration(config, images_seen / 1000), end="")


def _duration(config, done_kimg):
    """A line on the hours that a CPU takes; "" on faster devices."""
    if tf.config.list_physical_devices("GPU"):
        return ""
    rate = estimate.images_per_second(config)
    kimg = max(config.training.total_kimg - done_kimg, 0)
    hours = kimg / rate / 3.6
    lasting = f"{_rounded(hours)} hours"
    if hours < 1:
        lasting = terminal.counted(max(round(60 * hours), 1), "minute")
    more = " more" if done_kimg else ""
    line = (
        f"On this CPU about {_rounded(rate)} images a second: "
        f"{round(kimg, 1):g}{more} kimg take {lasting}, and a minute or two to "
        "begin.\n"
    )
    if hours > _LONG_HOURS and config.generator.channel_max > _NARROW:
        line += "Narrow networks, for CPUs: --config=configs/ada.py:small\n"
    return line


def _rounded(number):
    """Two digits of a number, without exponents."""
    return f"{float(f'{number:.2g}'):,.10g}"


def before(config, source, workdir, images_seen):
    """Says what will be trained on what, and whether it goes on."""
    height, width, channels = source.image_shape
    print(
        f"{config.name}: {terminal.counted(len(source), 'image')} of "
        f"{width}x{height}x{channels} from {source.path}, "
        f"to {config.training.total_kimg:g} kimg"
    )
    if source.held_out is not None:
        print(
            f"{len(source.held_out):,} more images are held out, to see "
            "whether D only remembers those it is shown"
        )
    note = sources.unused_labels_note(source, config.label_size)
    notes = source.notes if config.label_size else [note]
    notes = [sources.unread_note(source), *notes]
    notes.append(_rows(config))
    print(*filter(None, notes), sep="\n", end="\n" if any(notes) else "")
    if line := _augmentation(config, workdir, images_seen):
        print(line)
    if images_seen:
        others = _other_settings(config, workdir)
        print(f"{workdir}: goes on at {images_seen / 1000:g} kimg{others}")


def _so_far(workdir):
    """The config of a run's newest snapshot, None if that is damaged."""
    with contextlib.suppress(snapshot_files.DamagedError):
        return snapshot_files.read_config(checkpoint.find(workdir))
    return None


def _other_settings(config, workdir):
    """What to type if a run is to learn as it did so far; "" if it does."""
    theirs = _so_far(workdir)
    rows = differences.of_settings(config, theirs) if theirs else []
    kept = [
        commands.quoted(f"--config.{field}={rules.shown(value)}")
        for field, _, value in rows
        if not field.startswith("augment.")  # of which a line tells
    ]
    if not kept:
        return ""
    return f", with other settings; to keep its own: {' '.join(kept)}"


def _augmentation(config, workdir, images_seen):
    """A line on augmentation; "" of a run that has none and had none."""
    mode = before = config.augment.mode
    if images_seen and (theirs := _so_far(workdir)):
        before = theirs.augment.mode
    if mode == before == "off":
        return ""
    told = augmenting.describe(config, 0 if before == "off" else images_seen)
    change = f"; it was {before} so far" if before != mode else ""
    return f"augmentation: {told}{change}"


def _rows(config):
    """A line on the rows of the sheets of samples; "" without classes."""
    if not config.label_size or config.label_kind == "vectors":
        return ""
    names = classes.names(config)
    rows = [names[number] for number in classes.shown(len(names))]
    some = "" if len(rows) == len(names) else f" of {len(rows)} of {len(names)}"
    listed = ", ".join(map(terminal.escaped, rows))
    return f"sheets of samples have a row a class{some}: {listed}"


def after(config, workdir):
    """Says where everything is, and what to do next."""
    workdir = pathlib.Path(workdir)
    total = config.training.total_kimg
    snapshot = checkpoint.find(workdir)
    kimg = int(snapshot.name) / 1000
    if kimg < total:
        print(f"Stopped and saved at {kimg:g} of {total:g} kimg. To go on:")
        print(f"  {tool.command()}")
        return
    pictures = sorted((workdir / run_directory.SAMPLES).glob("fakes-*.png"))
    print(f"{workdir} is done: {kimg:g} kimg.")
    logs = commands.quoted(f"--logdir={workdir / run_directory.TENSORBOARD}")
    rows = [
        ("pictures", str(pictures[-1] if pictures else workdir)),
        ("snapshot", str(snapshot)),
        ("TensorBoard", f"{commands.python()} -m tensorboard.main {logs}"),
    ]
    print(columns.aligned(rows, indent="  "))
    print("Try next:")
    resolved = snapshot_files.read_config(snapshot)
    generate = [f"--network={workdir}", "--seeds=0-63", "--grid=8x8"]
    if resolved.label_size:
        generate[1:] = ["--seeds=0-7", "--class=all"]
    if resolved.generator.architecture != "progan":
        generate.append("--truncation_psi=0.7")
    generate.append("--output=faces.png")
    longer = f"--config.training.total_kimg={2 * total:g}"
    print(f"  {commands.line('generate', *generate)}")
    print(f"  {tool.command(longer)}  # longer")
    if config.data.path == "bundled":
        prepare = ("--source=PHOTOS", "--output=DATA", "--resolution=64")
        own = commands.line("prepare_dataset", *prepare)
        print(f"  {own}  # your own images")
