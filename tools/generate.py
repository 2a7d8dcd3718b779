"""Makes images of a trained network.

python -m tools.generate --network=runs/faces --seeds=0-63
    --truncation_psi=0.7 --output=out/ [--grid=8x8 --output=faces.png]
python -m tools.generate --network=runs/conditional --seeds=0-7 --class=all
    --output=classes.png  # a row a class; --output=out/ gives folders of them
python -m tools.generate --network=runs/faces --ws=found/projected.npz
    --directions=directions.npz --direction=glasses:2.5 --output=out/
"""

import itertools

import numpy as np
import tqdm
from absl import flags

from stylegan_tf import classes, images, quiet, terminal
from stylegan_tf.command_line import outputs, points, tool, values
from stylegan_tf.data import decode

_POINTS = points.define()
_NOISE = flags.DEFINE_enum(
    "noise", "const", ["const", "random", "none"], "The noise inputs."
)
_GRID = flags.DEFINE_string("grid", None, "ROWSxCOLUMNS: one picture.")
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")
_OUTPUT = flags.DEFINE_string("output", None, "Folder, or file with --grid.")


def main():
    """Writes one PNG a seed, or one grid; of all classes a sheet or folders."""
    _POINTS.refuse_odd()
    tool.require(output=_OUTPUT.value)
    takes_all = _POINTS.chosen_class.value == points.ALL
    output = _output(takes_all)
    if _POINTS.ws.value and _NOISE.value == "random":
        tool.refuse_given("of --seeds is random; --ws has its own", _NOISE)
    quiet.import_tensorflow(in_slices=True)
    from stylegan_tf import pictures

    generator = _POINTS.open(takes_all_classes=takes_all)
    if takes_all:
        tool.note(points.note_on_all(generator.config))
        return _of_all_classes(generator, output)
    names = _POINTS.names(generator)
    columns = 0
    if _GRID.value:
        _, columns = values.grid(_GRID.value, len(names))
    made = _images(generator)
    count = terminal.counted(len(names), "image")
    if _DRY_RUN.value:
        print(f"{count} of {generator.path} to {output}")
        return
    if columns:
        output.parent.mkdir(parents=True, exist_ok=True)
        images.write_png(output, pictures.grid(np.stack([*made]), columns))
    else:
        _write_each(output, tqdm.tqdm(names, unit="img"), made)
    print(f"{count} in {output}")


def _of_all_classes(generator, output):
    """Writes a sheet with a row a class, or a folder for each."""
    config, names = generator.config, _POINTS.names(generator)
    is_sheet = output.suffix.lower() == ".png"
    numbers = range(config.label_size)
    if is_sheet:
        numbers = classes.shown(config.label_size)
    shape = f"{len(numbers)}x{len(names)}"
    if _GRID.value and _GRID.value != shape:
        raise ValueError(
            f"--grid={_GRID.value} is not that of a row a class and a column "
            f"a seed, {shape}: leave it out"
        )
    rows = [_images(generator, number) for number in numbers]
    count = terminal.counted(len(rows) * len(names), "image")
    some = f"{len(rows)} of " * (len(rows) < config.label_size)
    told = f"{count} of {some}{config.label_size:,} classes"
    if _DRY_RUN.value:
        print(f"{told}, of {generator.path} to {output}")
        return
    rows = tqdm.tqdm(rows, unit="class")
    if is_sheet:
        _write_sheet(output, config, numbers, rows)
    else:
        folders = classes.file_names(config)
        for number, row in zip(numbers, rows, strict=True):
            _write_each(output / folders[number], names, row)
    print(f"{told} in {output}")


def _write_sheet(path, config, numbers, rows):
    """A picture of a row a class, called by its name, and a column a seed."""
    from stylegan_tf import pictures

    names = classes.names(config)
    columns = [f"seed {seed}" for seed in _POINTS.seeds_given()]
    sheet = pictures.sheet(
        [[*row] for row in rows],
        rows=[names[number] for number in numbers],
        columns=columns,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    images.write_png(path, sheet)


def _write_each(folder, names, made):
    folder.mkdir(parents=True, exist_ok=True)
    for name, image in zip(names, made, strict=True):
        images.write_png(folder / f"{name}.png", image)


def _output(takes_all):
    """The path of the picture or of the folder."""
    is_sheet = takes_all and _OUTPUT.value.lower().endswith(".png")
    if _GRID.value or is_sheet:
        return outputs.file(
            "output", _OUTPUT.value, suffix=".png", example="grid.png"
        )
    path = outputs.folder("output", _OUTPUT.value)
    if path.suffix.lower() in decode.IMAGE_EXTENSIONS and not path.is_dir():
        raise ValueError(
            f"--output={path} is called as a picture, but is to be the folder "
            "of one PNG a seed. Give a folder, or --grid=ROWSxCOLUMNS for one "
            "picture"
        )
    return path


def _images(generator, number=None):
    """An iterator over uint8 images, of a class; refuses before it."""
    from stylegan_tf import latents

    settings, noise = generator.config.generator, _NOISE.value
    if not settings.use_noise and noise != "const":
        tool.refuse_given("is not for this network: it has no noise", _NOISE)

    def batch(seeds, ws, own):
        inputs = own if noise == "const" else noise
        if noise == "random":
            inputs = latents.noise_of_seeds(
                seeds, generator.noise_shapes, settings.z_size
            )
        return generator.images(ws, inputs)

    # Batch by batch: the latents of a million seeds fill a memory.
    return itertools.chain.from_iterable(
        itertools.starmap(batch, _POINTS.batches(generator, number))
    )


if __name__ == "__main__":
    tool.run(main)
