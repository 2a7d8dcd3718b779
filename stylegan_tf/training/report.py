"""What a person reads before and after training."""

import pathlib

from stylegan_tf import checkpoint
from stylegan_tf.data import sources


def before(config, workdir):
    """Says what will be trained on what, and whether it goes on."""
    source = sources.open_source(config.data.path, resolution=config.resolution)
    height, width, channels = source.image_shape
    print(
        f"{config.name}: {len(source):,} images of {width}x{height}x{channels}"
        f" from {source.path}, to {config.training.total_kimg:g} kimg"
    )
    note = sources.unused_labels_note(source, config.data.use_labels)
    if note:
        print(note)
    if images_done(workdir):
        kimg = images_done(workdir) / 1000
        print(f"{workdir}: goes on at {kimg:g} kimg")


def images_done(workdir):
    """Where the run's newest snapshot is; 0 without one."""
    found = checkpoint.snapshots(workdir)
    return int(found[-1].name) if found else 0


def after(config, workdir, *, command, program):
    """Says where everything is, and what to do next.

    Args:
        config: The run's config.
        workdir: The run directory.
        command: What to type to go on.
        program: Callable, a tool's name to how it is started here.
    """
    workdir = pathlib.Path(workdir)
    total = config.training.total_kimg
    kimg = images_done(workdir) / 1000
    if kimg < total:
        print(f"Stopped and saved at {kimg:g} of {total:g} kimg. To go on:")
        print(f"  {command}")
        return
    pictures = sorted((workdir / "samples").glob("fakes-*.png"))
    print(f"{workdir} is done: {kimg:g} kimg.")
    print(f"  pictures      {pictures[-1] if pictures else workdir}")
    print(f"  snapshot      {checkpoint.find(workdir)}")
    python = program("").split(" -m ")[0] if " -m " in program("") else "python"
    print(
        f"  TensorBoard   {python} -m tensorboard.main "
        f"--logdir={workdir / 'tensorboard'}"
    )
    print("Try next:")
    has_mean_w = config.generator.architecture != "progan"
    truncation = "--truncation_psi=0.7 " if has_mean_w else ""
    print(
        f"  {program('generate')} --network={workdir} --seeds=0-63 "
        f"{truncation}--grid=8x8 --output=faces.png"
    )
    print(f"  {command} --config.training.total_kimg={2 * total:g}  # longer")
    print(
        f"  {program('prepare_dataset')} --source=PHOTOS --output=DATA "
        "--resolution=64  # your own images"
    )
