"""Trains classifiers of attributes or of classes, for metrics on any data.

python -m tools.train_classifier --dataset=bundled --output=networks/faces
    --attributes="glasses,facial_hair,smile,hair=hair_length:2|3"
python -m tools.evaluate --network=... --metrics=ls --classifiers=networks/faces

With --classes it is one, of all classes, for cs50k and agree1k.
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
_CLASSES = flags.DEFINE_bool(
    "classes", False, "One classifier of all classes, not one an attribute."
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
    from stylegan_tf.features import classifier_training, classifiers

    source = sources.open_source(_DATASET.value, resolution=_RESOLUTION.value)
    tool.note(sources.unread_note(source))
    classes = None
    if _CLASSES.value:
        tool.refuse_given("is not for --classes", _ATTRIBUTES)
        classes = classifier_training.class_names(source)
        questions = {classifiers.CLASSES: source.classes}
    else:
        questions = attributes.answers(source, _ATTRIBUTES.value)
    size = _RESOLUTION.value or max(source.image_shape[:2])
    source = shrunk.at_resolution(source, size)
    config = classifier_training.make_config(
        source.image_shape,
        channel_base=_BASE.value,
        channel_max=_MAX.value,
        classes=len(classes or ()),
    )
    heading = "classes" if classes else "there"
    print(f"{'attribute':<20} {heading:>7}  accuracy  by majority  held out")
    for index, (name, answers) in enumerate(questions.items()):
        file_name = re.sub(r"[^\w.+=-]", "_", f"{index:02d}-{name}")
        path = pathlib.Path(_OUTPUT.value) / (name if classes else file_name)
        count = f"{(answers == 1).sum() / max((answers >= 0).sum(), 1):.1%}"
        count = str(len(classes)) if classes else count
        start = f"{terminal.escaped(name):<20} {count:>7}"
        about = _about(name, classes)
        is_trained = classifier_training.is_trained(path, about, config)
        kept = "  already trained" if is_trained else ""
        if _DRY_RUN.value:
            print(f"{start}  to {path}{kept}")
            continue
        if not is_trained:
            _train(source, name, answers, config, path, about)
        info = snapshot_files.read_info(path)
        print(
            f"{start}  {info['accuracy']:>8.1%}  {info['majority']:>11.1%}  "
            f"{info['held_out']:>8,}{kept}",
            flush=True,
        )


def _about(name, classes):
    """What is told of the training of attribute `name`, or of all classes."""
    return {
        **({"classes": classes} if classes else {"attribute": name}),
        "dataset": _DATASET.value,
        "kimg": _KIMG.value,
        "batch_size": _BATCH.value,
        "learning_rate": _RATE.value,
        "seed": _SEED.value,
    }


def _train(source, name, answers, config, path, about):
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
        info={**about, **figures},
    )


if __name__ == "__main__":
    tool.run(main)
