"""Imports an official network, without running anything in its file.

python -m tools.import_network --source=ffhq.pkl --output=networks/ffhq
    [--source=stylegan2-ffhq-config-f] [--dry_run] [--list]
"""

import pathlib
import warnings

from absl import flags

import stylegan_tf
from stylegan_tf import columns, commands, downloads, quiet
from stylegan_tf.command_line import outputs, tool

_SOURCE = flags.DEFINE_string(
    "source", None, "A file, a published network's name, or an address."
)
_OUTPUT = flags.DEFINE_string("output", None, "The directory to write.")
_LIST = flags.DEFINE_bool("list", False, "List the published networks.")
_DRY_RUN = flags.DEFINE_bool(
    "dry_run", False, "Say what is in the file; write and download nothing."
)


def main():
    """Writes a directory that --network takes everywhere."""
    source, output = _SOURCE.value, _OUTPUT.value
    if _LIST.value:
        tool.refuse_given("is not for --list", _SOURCE, _OUTPUT, _DRY_RUN)
        print(columns.aligned([*downloads.addresses().items()]))
        return
    quiet.import_tensorflow()
    from stylegan_tf import checkpoint
    from stylegan_tf.interop import import_directory

    tool.require(source=source)
    if output:
        outputs.folder("output", output)
    if not _DRY_RUN.value:
        tool.require(output=output)
    elif not pathlib.Path(source).exists() and (
        address := downloads.address_of(source)
    ):
        path = downloads.path_of(source)
        if not path.exists():
            print(f"{address} would be downloaded as {path}")
            return
    if pathlib.Path(source).is_dir():
        raise ValueError(
            f"--source={source} is a directory: if it is one of a network, "
            f"--network takes it as it is.{checkpoint.inside(source)}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the summary has the notes
        snapshot = stylegan_tf.load(source)
    print(_summary(snapshot))
    if _DRY_RUN.value:
        return
    import_directory.write(snapshot, output)
    print(f"{output} is written. Try next:")
    print(_next_steps(snapshot, output))


def _summary(snapshot):
    from stylegan_tf import generators
    from stylegan_tf.networks import build

    generator = generators.of_snapshot(snapshot, batch_size=1)
    ws = generator.map(generator.latents([0]), generator.labels([0]))
    image = generator.synthesize(ws)
    config, provenance = snapshot.config, snapshot.provenance
    height, width, channels = config.image_shape
    names = config.generator.architecture, config.discriminator.architecture
    stage = snapshot.stage
    rows = {
        "kind": provenance["kind"],
        "SHA-256": provenance["sha256"],
        "images": f"{width}x{height}x{channels}",
        "classes": str(config.label_size or "none"),
        "architecture": f"{names[0]}, discriminator {names[1]}",
        **{
            name: f"{build.count_parameters(network):,} parameters"
            for name, network in snapshot.networks().items()
        },
        "stage": f"{stage.resolution} pixels, alpha {stage.alpha:g}"
        if stage.resolution
        else "fully grown",
        "seed 0": f"pixels from {image.min():.3g} to {image.max():.3g}, "
        f"mean {image.mean():.3g}; -1 is black, 1 is white",
    }
    lines = [*rows.items(), *(("note", n) for n in provenance.get("notes", []))]
    return columns.aligned(lines)


def _next_steps(snapshot, output):
    config = snapshot.config
    first = [*config.label_names, "0"][0]  # names may be numbers of others
    generate = commands.line(
        "generate",
        f"--network={output}",
        "--seeds=0-15",
        *([f"--class={first}"] if config.label_size else []),
        "--grid=4x4",
        "--output=images.png",
    )
    train = commands.line(
        "train",
        f"--init_from={output}",
        "--config.data.path=DATA",
        "--workdir=runs/tuned",
    )
    return f"  {generate}\n  {train}"


if __name__ == "__main__":
    tool.run(main)
