"""Tells whether a network made an image, by how near its projection comes.

python -m tools.detect --network=runs/faces --dataset=DIR --count=100
    --steps=1000 --output=detector/
python -m tools.detect --detector=detector/ --image=photo.png,other.png

The first command projects real and generated images, chooses a threshold
between their distances and measures how often it errs: detector.json, and the
histograms and the ROC curve as detection.png and .pdf. Started again it goes on
where it was interrupted, or adds images for a larger --count. The second one
gives verdicts, with those rates of errors and their limits.
"""

import datetime
import pathlib

import tqdm
from absl import flags

from stylegan_tf import commands, quiet, terminal
from stylegan_tf.command_line import distances, outputs, tool, values
from stylegan_tf.data import decode

_NETWORK = flags.DEFINE_string(
    "network",
    None,
    "Run directory, snapshot, imported network, official file or its name, "
    "or a SavedModel of tools.export. With --detector: where its network is "
    "now, if it was moved.",
)
_DATASET = flags.DEFINE_string(
    "dataset", None, "Real images; by default those it was trained on."
)
_COUNT = flags.DEFINE_integer(
    "count", 100, "How many images of each kind.", lower_bound=2
)
_PSI = flags.DEFINE_float(
    "truncation_psi", 1.0, "Of the generated images; 1 for no truncation."
)
_STEPS = flags.DEFINE_integer(
    "steps", 1000, "Of every projection.", lower_bound=1
)
_SPACE = flags.DEFINE_enum(
    "space", "w", ["w", "w+"], "One w for all layers, or one for each."
)
_FALSE_ALARMS = flags.DEFINE_float(
    "false_alarms",
    None,
    "Choose the threshold of the least misses with at most this fraction of "
    "false alarms, such as 0.05; by default it has as many of both.",
    lower_bound=0.0,
    upper_bound=1.0,
)
_FEATURES = flags.DEFINE_string(
    "features",
    "auto",
    "What measures distances: auto (LPIPS where its file is found, else the "
    "offline extractor), offline, or a folder of published networks.",
)
_BATCH_SIZE = flags.DEFINE_integer(
    "batch_size", 8, "Images projected at once.", lower_bound=1
)
_SEED = values.define_seed()
_OUTPUT = flags.DEFINE_string("output", None, "Folder of a new detector.")
_DETECTOR = flags.DEFINE_string(
    "detector", None, "Folder of a detector, for verdicts on --image."
)
_IMAGE = flags.DEFINE_list(
    "image", None, "Images to judge, or folders of them, commas between."
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be measured.")

_PICTURES = ("detection.png", "detection.pdf")


def main():
    """Measures a detector, or gives verdicts by one."""
    if _DETECTOR.value:
        idle = "is for a new detector; --detector has its own"
        given = (_DATASET, _COUNT, _PSI, _STEPS, _SPACE, _FALSE_ALARMS)
        tool.refuse_given(idle, *given, _BATCH_SIZE, _SEED, _OUTPUT, _DRY_RUN)
        tool.require(image=_IMAGE.value)
        _give_verdicts()
        return
    tool.refuse_given("is judged by a --detector, which is missing", _IMAGE)
    tool.require(network=_NETWORK.value, output=_OUTPUT.value)
    _measure(outputs.folder("output", _OUTPUT.value))


def _measure(output):
    """Measures distances, chooses a threshold, writes and draws all of it."""
    quiet.import_tensorflow()
    from stylegan_tf import environment, generators
    from stylegan_tf.editing.detection import measuring, texts, verdicts
    from stylegan_tf.editing.figures import detection as figure
    from stylegan_tf.editing.figures import plate
    from stylegan_tf.training import lock

    generator = generators.open(_NETWORK.value)
    if not generator.can_truncate and _PSI.value != 1:
        tool.refuse_given("is not for ProGAN: it has no mean w", _PSI)
    source = _reals(generator)
    plate.library()  # it may be missing
    if _DRY_RUN.value:
        print(
            f"{_COUNT.value} real images of {source.path} and as many of "
            f"{generator.path}, {terminal.counted(_STEPS.value, 'step')} "
            f"each, to {output}"
        )
        return
    projector, features = _projector(
        generator, _FEATURES.value, _STEPS.value, _SPACE.value, _SEED.value
    )
    settings = measuring.settings(
        projector,
        features,
        dataset=source.path,
        images=len(source),
        truncation_psi=_PSI.value,
        batch_size=_BATCH_SIZE.value,
    )
    with lock.held(output, measuring.LOCK, measuring.TAKEN):
        detector = verdicts.detector(
            settings,
            _distances(projector, source, settings, output),
            most_false_alarms=_FALSE_ALARMS.value,
            features=_FEATURES.value,
            command=tool.command(),
            software=environment.software(),
            machine=environment.machine(),
            date=datetime.datetime.now().astimezone().isoformat(" ", "seconds"),
        )
        for name in _PICTURES:
            plate.save(figure.draw(detector), output / name)
        verdicts.write(output, detector)
    print(texts.summary(detector))
    print(f"The detector is {output}, its figure {output / _PICTURES[0]}. Try:")
    judge = commands.line("detect", f"--detector={output}", "--image=FILE")
    print(f"  {judge}")


def _reals(generator):
    """The `Source` of real images, of enough of them."""
    from stylegan_tf.editing.detection import measuring

    path = _DATASET.value
    if path is None and generator.images_seen:
        path = generator.config.data.path
    tool.require(dataset=path)
    source = measuring.open_reals(path, generator)
    if len(source) < _COUNT.value:
        raise ValueError(
            f"--count={_COUNT.value} is more than the {len(source):,} images "
            f"of {path}"
        )
    return source


def _projector(generator, features, steps, space, seed):
    """A `Projector`, and the network of features that it looks with."""
    from stylegan_tf.editing.projection import projector

    found = distances.detector(features)
    made = projector.Projector(
        generator, found, steps=steps, space=space, seed=seed
    )
    return made, found


def _distances(projector, source, settings, output):
    """Distances by kind, with a progress bar."""
    from stylegan_tf.editing.detection import measuring

    sets = measuring.sets(
        projector.generator,
        source,
        count=_COUNT.value,
        seed=_SEED.value,
        truncation_psi=_PSI.value,
    )
    path, total = output / measuring.DISTANCES, 2 * _COUNT.value
    with tqdm.tqdm(total=total, unit="img") as bar:
        try:
            return measuring.measure(
                projector, sets, path, settings, report=bar.update
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"{bar.n} of {total} distances are in {path}. To go on:\n"
                f"  {tool.command()}"
            ) from None


def _give_verdicts():
    """Prints a table of verdicts, and what they are worth."""
    quiet.import_tensorflow()
    from stylegan_tf import generators
    from stylegan_tf.editing.detection import measuring, texts, verdicts

    detector = verdicts.read(_DETECTOR.value)
    paths = [file for path in _IMAGE.value for file in _files(path)]
    shape = detector["image_shape"]
    images, changes = zip(
        *(measuring.read_image(path, shape) for path in paths), strict=True
    )
    generator = generators.open(_NETWORK.value or detector["network"])
    features = _FEATURES.value if _FEATURES.present else detector["features"]
    projector, features = _projector(
        generator,
        features,
        *(detector[key] for key in ("steps", "space", "seed")),
    )
    verdicts.refuse_other(detector, generator, features)
    with tqdm.tqdm(total=len(images), unit="img") as bar:
        measured = measuring.distances(
            projector, images, detector["batch_size"], report=bar.update
        )
    judged = [verdicts.judge(detector, each) for each in measured]
    print(texts.table(detector, paths, measured, judged))
    for path, words in zip(paths, changes, strict=True):
        if words:
            tool.note(f"{path}: {', '.join(words)}: the rates may not hold")
    print(f"\n{texts.summary(detector)}\n{texts.limits(detector)}")


def _files(path):
    """The path of an image, or those in a folder."""
    path = pathlib.Path(path)
    if not path.is_dir():
        return [path]
    found = sorted(path.iterdir())
    found = [e for e in found if e.suffix.lower() in decode.IMAGE_EXTENSIONS]
    if not found:
        raise ValueError(f"--image={path} is a folder without images")
    return found


if __name__ == "__main__":
    tool.run(main)
