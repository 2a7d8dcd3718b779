"""Says what will be trained before training, and what to do next after it."""

import pathlib

from stylegan_tf import checkpoint, columns, commands, run_directory
from stylegan_tf.command_line import tool
from stylegan_tf.data import sources


def before(config, source, workdir, images_seen):
    """Says what will be trained on what, and whether it goes on."""
    height, width, channels = source.image_shape
    print(
        f"{config.name}: {len(source):,} images of {width}x{height}x{channels}"
        f" from {source.path}, to {config.training.total_kimg:g} kimg"
    )
    note = sources.unused_labels_note(source, config.data.use_labels)
    notes = source.notes if config.data.use_labels else [note]
    notes = [sources.unread_note(source), *notes]
    print(*filter(None, notes), sep="\n", end="\n" if any(notes) else "")
    if images_seen:
        print(f"{workdir}: goes on at {images_seen / 1000:g} kimg")


def images_done(workdir):
    """Where the run's newest whole snapshot is; 0 without one."""
    newest, _ = checkpoint.newest(workdir)
    return int(newest.name) if newest else 0


def after(config, workdir):
    """Says where everything is, and what to do next."""
    workdir = pathlib.Path(workdir)
    total = config.training.total_kimg
    kimg = int(checkpoint.find(workdir).name) / 1000
    if kimg < total:
        print(f"Stopped and saved at {kimg:g} of {total:g} kimg. To go on:")
        print(f"  {tool.command()}")
        return
    pictures = sorted((workdir / run_directory.SAMPLES).glob("fakes-*.png"))
    print(f"{workdir} is done: {kimg:g} kimg.")
    logs = commands.quoted(f"--logdir={workdir / run_directory.TENSORBOARD}")
    rows = [
        ("pictures", str(pictures[-1] if pictures else workdir)),
        ("snapshot", str(checkpoint.find(workdir))),
        ("TensorBoard", f"{commands.python()} -m tensorboard.main {logs}"),
    ]
    print(columns.aligned(rows, indent="  "))
    print("Try next:")
    resolved = checkpoint.read_config(checkpoint.find(workdir))
    prepare = ("--source=PHOTOS", "--output=DATA", "--resolution=64")
    longer = f"--config.training.total_kimg={2 * total:g}"
    print(f"  {commands.line('generate', *_generate(resolved, workdir))}")
    print(f"  {tool.command(longer)}  # longer")
    if config.data.path == "bundled":
        own = commands.line("prepare_dataset", *prepare)
        print(f"  {own}  # your own images")


def _generate(config, workdir):
    """Arguments of `tools.generate` for the run's first pictures."""
    has_mean_w = config.generator.architecture != "progan"
    return [
        f"--network={workdir}",
        "--seeds=0-63",
        *(["--class=0"] if config.label_size else []),
        *(["--truncation_psi=0.7"] if has_mean_w else []),
        "--grid=8x8",
        "--output=faces.png",
    ]
