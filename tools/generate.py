"""Makes images of a trained network.

python -m tools.generate --network=runs/faces --seeds=0-63
    --truncation_psi=0.7 --output=out/ [--grid=8x8 --output=faces.png]
python -m tools.generate --network=runs/faces --ws=found/projected.npz
    --directions=directions.npz --direction=glasses:2.5 --output=out/
"""

import itertools

import numpy as np
import tqdm
from absl import flags

from stylegan_tf import images, quiet, terminal
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
    """Writes one PNG a seed, or one grid."""
    _POINTS.refuse_odd()
    tool.require(output=_OUTPUT.value)
    output = _output()
    if _POINTS.ws.value and _NOISE.value == "random":
        tool.refuse_given("of --seeds is random; --ws has its own", _NOISE)
    quiet.import_tensorflow()
    from stylegan_tf import pictures

    generator = _POINTS.open()
    names = _POINTS.names(generator)
    columns = 0
    if _GRID.value:
        _, columns = values.grid(_GRID.value, len(names))
    made = _images(generator)
    count = terminal.counted(len(names), "image")
    if _DRY_RUN.value:
        print(f"{count} of {generator.path} to {output}")
        return
    folder = output.parent if columns else output
    folder.mkdir(parents=True, exist_ok=True)
    if columns:
        images.write_png(output, pictures.grid(np.stack([*made]), columns))
    else:
        progress = tqdm.tqdm(names, unit="img")
        for name, image in zip(progress, made, strict=True):
            images.write_png(output / f"{name}.png", image)
    print(f"{count} in {output}")


def _output():
    """The path of the picture or of the folder."""
    if _GRID.value:
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


def _images(generator):
    """An iterator over uint8 images; refuses before it."""
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
        itertools.starmap(batch, _POINTS.batches(generator))
    )


if __name__ == "__main__":
    tool.run(main)
