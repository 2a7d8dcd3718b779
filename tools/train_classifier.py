"""Trains attribute classifiers, for linear separability on any data.

python -m tools.train_classifier --dataset=bundled --output=networks/faces
    --attributes="glasses,facial_hair,smile,hair=hair_length:2|3"
python -m tools.evaluate --network=... --metrics=ls --classifiers=networks/faces
"""

import pathlib
import re

import tqdm
from absl import flags

from stylegan_tf import quiet, terminal
from stylegan_tf.command_line import outputs, tool, values

_DATASET = flags.DEFINE_string(
    "dataset", None, "Images with attributes in dataset.json, or classes."
)
_ATTRIBUTES = flags.DEFINE_string(
    "attributes", "", "E.g. glasses,hair=hair_length:2|3; all by default."
)
_OUTPUT = flags.DEFINE_string("output", None, "Folder, one in it for each.")
_RESOLUTION = flags.DEFINE_integer(
    "resolution",
    None,
    "To shrink images to; that of the data by default.",
    lower_bound=8,
)
_BASE, _MAX = values.define_width(16384, 512)
_KIMG = flags.DEFINE_float(
    "kimg", 100, "Thousands of images to show to each.", lower_bound=0.001
)
_BATCH = flags.DEFINE_integer(
    "batch_size", 32, "Images of a training step.", lower_bound=1
)
_RATE = flags.DEFINE_float("learning_rate", 1e-3, "Of Adam.")
flags.register_validator(_RATE, lambda rate: rate > 0, "It must be above 0.")
_SEED = values.define_seed()
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be trained.")


def main():
    """Trains one after the other; those that are there are left alone."""
    tool.require(dataset=_DATASET.value, output=_OUTPUT.value)
    outputs.folder("output", _OUTPUT.value)
    quiet.import_tensorflow()
    from stylegan_tf import snapshot_files
    from stylegan_tf.data import attributes, shrunk, sources
    from stylegan_tf.features import classifier_training

    source = sources.open_source(_DATASET.value, resolution=_RESOLUTION.value)
    tool.note(sources.unread_note(source))
    questions = attributes.answers(source, _ATTRIBUTES.value)
    size = _RESOLUTION.value or max(source.image_shape[:2])
    source = shrunk.at_resolution(source, size)
    config = classifier_training.make_config(
        source.image_shape, channel_base=_BASE.value, channel_max=_MAX.value
    )
    print(f"{'attribute':<20} there  accuracy  by majority  held out")
    for index, (name, answers) in enumerate(questions.items()):
        file_name = re.sub(r"[^\w.+=-]", "_", f"{index:02d}-{name}")
        path = pathlib.Path(_OUTPUT.value) / file_name
        there = (answers == 1).sum() / max((answers >= 0).sum(), 1)
        start = f"{terminal.escaped(name):<20} {there:>5.1%}"
        is_trained = classifier_training.is_trained(path, _about(name), config)
        kept = "  already trained" if is_trained else ""
        if _DRY_RUN.value:
            print(f"{start}  to {path}{kept}")
            continue
        if not is_trained:
            _train(source, name, answers, config, path)
        info = snapshot_files.read_info(path)
        print(
            f"{start}  {info['accuracy']:>8.1%}  {info['majority']:>11.1%}  "
            f"{info['held_out']:>8,}{kept}",
            flush=True,
        )


def _about(name):
    """What is told of the training of attribute `name`."""
    return {
        "attribute": name,
        "dataset": _DATASET.value,
        "kimg": _KIMG.value,
        "batch_size": _BATCH.value,
        "learning_rate": _RATE.value,
        "seed": _SEED.value,
    }


def _train(source, name, answers, config, path):
    from stylegan_tf import snapshot_files
    from stylegan_tf.features import classifier_training

    total = round(1000 * _KIMG.value)
    with tqdm.tqdm(
        total=total, desc=name, unit="img", unit_scale=True, leave=False
    ) as bar:
        network, figures = classifier_training.train(
            source,
            answers,
            config,
            images=total,
            batch_size=_BATCH.value,
            learning_rate=_RATE.value,
            seed=_SEED.value,
            report=bar.update,
        )
    snapshot_files.write(
        path,
        {"discriminator": network},
        config=config,
        info={**_about(name), **figures},
    )


if __name__ == "__main__":
    tool.run(main)
