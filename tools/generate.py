"""Makes images of a trained network.

python -m tools.generate --network=runs/faces --seeds=0-63
    --truncation_psi=0.7 --output=out/ [--grid=8x8 --output=faces.png]
"""

import itertools
import re

import numpy as np
import tqdm
from absl import flags

import stylegan_tf
from stylegan_tf import images, quiet
from stylegan_tf.command_line import outputs, tool, values
from stylegan_tf.data import decode

_NETWORK = flags.DEFINE_string(
    "network",
    None,
    "Run directory, snapshot, imported network, official file or its name.",
)
_SEEDS = flags.DEFINE_string("seeds", "0-7", "E.g. 1,2,5-8.")
_PSI = flags.DEFINE_float("truncation_psi", 1.0, "1 for no truncation.")
_CUTOFF = flags.DEFINE_integer(
    "truncation_cutoff",
    None,
    "How many of the first layers it reaches; by default all.",
    lower_bound=0,
)
_CLASS = flags.DEFINE_integer(
    "class", None, "Class of every image.", lower_bound=0
)
_NOISE = flags.DEFINE_enum(
    "noise", "const", ["const", "random", "none"], "The noise inputs."
)
_RAW = flags.DEFINE_bool(
    "raw", False, "Use the weights of the last step, not the averaged ones."
)
_GRID = flags.DEFINE_string("grid", None, "ROWSxCOLUMNS: one picture.")
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")
_OUTPUT = flags.DEFINE_string("output", None, "Folder, or file with --grid.")


def main():
    """Writes one PNG a seed, or one grid."""
    tool.require(network=_NETWORK.value, output=_OUTPUT.value)
    seeds = values.seeds(_SEEDS.value)
    columns = _columns(_GRID.value, len(seeds)) if _GRID.value else 0
    output = _output()
    if _PSI.value == 1:
        tool.refuse_given(
            "changes nothing without --truncation_psi, such as 0.7", _CUTOFF
        )
    quiet.import_tensorflow()
    from stylegan_tf import generators, pictures

    snapshot = stylegan_tf.load(_NETWORK.value)
    generator = generators.of_snapshot(snapshot, raw=_RAW.value)
    made = _images(generator, seeds)
    if _DRY_RUN.value:
        print(f"{len(seeds)} images of {generator.path} to {output}")
        return
    folder = output.parent if columns else output
    folder.mkdir(parents=True, exist_ok=True)
    if columns:
        images.write_png(output, pictures.grid(np.stack([*made]), columns))
    else:
        progress = tqdm.tqdm(seeds, unit="img")
        for seed, image in zip(progress, made, strict=True):
            images.write_png(output / f"seed{seed:04d}.png", image)
    print(f"{len(seeds)} images in {output}")


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


def _images(generator, seeds):
    """An iterator over uint8 images, one a seed; refuses before it."""
    from stylegan_tf import generators, latents

    settings, noise = generator.config.generator, _NOISE.value
    if not settings.use_noise and noise != "const":
        tool.refuse_given("is not for this network: it has no noise", _NOISE)
    if not generator.can_truncate and _PSI.value != 1:
        tool.refuse_given("is not for ProGAN: it has no mean w", _PSI)
    _refuse_class(generator.config.label_size)

    def batch(seeds):
        z = generator.latents(seeds)
        labels = generator.labels([_CLASS.value] * len(seeds))
        ws = generator.map(z, labels, _PSI.value, _CUTOFF.value)
        inputs = noise
        if noise == "random":
            inputs = latents.noise_of_seeds(
                seeds, generator.noise_shapes, settings.z_size
            )
        return generator.images(ws, inputs)

    # Batch by batch: the latents of a million seeds fill a memory.
    size = generators.BATCH_SIZE
    batches = (seeds[i : i + size] for i in range(0, len(seeds), size))
    return itertools.chain.from_iterable(map(batch, batches))


def _refuse_class(count):
    """Refuses a class that is none of `count`, and a missing one."""
    chosen = _CLASS.value
    if not count and chosen is not None:
        raise ValueError("--class: this network has no classes")
    if count and chosen is None:
        raise ValueError(
            f"--class is needed: this network has {count} classes, 0 to "
            f"{count - 1}"
        )
    if count and chosen >= count:
        raise ValueError(
            f"--class must be 0 to {count - 1}: this network has {count} "
            f"classes. Received: {chosen}"
        )


def _columns(text, count):
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if not match or int(match[1]) * int(match[2]) < count:
        raise ValueError(
            f"--grid must be ROWSxCOLUMNS with room for {count} images. "
            f"Received: {text}"
        )
    return int(match[2])


if __name__ == "__main__":
    tool.run(main)
