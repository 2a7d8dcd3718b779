"""Finds directions in W along which something of the images changes.

python -m tools.directions --network=runs/faces --output=faces.npz
    --picture=faces.png
python -m tools.directions --network=runs/faces --method=sefa --layers=0-3
    --output=coarse.npz
python -m tools.directions --network=runs/faces --table
python -m tools.generate --network=runs/faces --directions=faces.npz
    --direction=glasses:2.5 --output=out/

supervised  normals of planes that part images with an attribute from those
            without, as classifiers see them (InterFaceGAN); by default those
            that ship with the project, which know small cartoon faces.
            --classifiers=DIR: those of tools.train_classifier or the paper's.
            --dataset=DIR: a data set's labels, by linear probes of features.
            Each is made orthogonal to all others, see --orthogonal_to
sefa        what style layers feel most: closed-form factorisation of their
            weights (SeFa); needs no images
pca         principal components of w (GANSpace); needs no images

With --source=FILE,... directions that were found are shown, measured, or made
orthogonal to each other. --table measures what each direction changes.
"""

import functools
import re

import numpy as np
import tqdm
from absl import flags

from stylegan_tf import quiet, suggest
from stylegan_tf.command_line import outputs, points, tool, values

_POINTS = points.define(seeds="0-3")
_METHOD = flags.DEFINE_enum(
    "method", None, ["supervised", "sefa", "pca"], "How; by default supervised."
)
_SOURCE = flags.DEFINE_list("source", [], "Files of directions, to take those.")
_LAYERS = flags.DEFINE_string("layers", None, "Which they move: 0-3; all.")
_COUNT = flags.DEFINE_integer(
    "count", 10, "sefa, pca: how many directions.", lower_bound=1
)
_ATTRIBUTES = flags.DEFINE_string(
    "attributes",
    "",
    "Which, and what to call them: glasses,beard=facial_hair; of --dataset "
    "also hair=hair_length:2|3. All by default.",
)
_CLASSIFIERS = flags.DEFINE_string(
    "classifiers", "", "Folder of attribute classifiers."
)
_DATASET = flags.DEFINE_string(
    "dataset", None, "Labelled images in place of classifiers."
)
_FEATURES = flags.DEFINE_string(
    "features", "auto", "Features for --dataset, as of tools.evaluate."
)
_FIT = flags.DEFINE_enum(
    "fit",
    "ridge",
    ["ridge", "svm"],
    "supervised: how planes are fitted, by least squares to all scores, or "
    "between the highest and the lowest as the article has it (scikit-learn).",
)
_GIVEN = flags.DEFINE_list(
    "given",
    [],
    "supervised: fitted to images that have, or lack, other attributes: "
    "long_hair,-glasses.",
)
_ORTHOGONAL = flags.DEFINE_list(
    "orthogonal_to",
    [],
    "Names, all or none: what directions are made orthogonal to. By default "
    "all where they are supervised.",
)
_DAMPING = flags.DEFINE_float(
    "damping",
    1.0,
    "--fit=ridge: how much planes keep to where w varies; 0: not at all.",
    lower_bound=0,
)
_IMAGES = flags.DEFINE_integer(
    "images", 5_000, "How many samples of w to look at.", lower_bound=16
)
_SEED = values.define_seed()
_TABLE = flags.DEFINE_bool(
    "table", False, "Measure what they change; alone, compare all methods."
)
_MEASURED = flags.DEFINE_integer(
    "measured", 256, "--table: on how many images.", lower_bound=2
)
_AMOUNT = flags.DEFINE_float(
    "amount", 2.0, "--table: how far to both sides, in spreads."
)
_AMOUNTS = flags.DEFINE_list(
    "amounts", "-3,-2,-1,0,1,2,3", "--picture: of its columns, in spreads."
)
_PICTURE = flags.DEFINE_string(
    "picture", None, "File, *.png or *.pdf: strips of --seeds, or of --ws."
)
_NAMES = flags.DEFINE_list("names", [], "--picture: which; all by default.")
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be made.")
_OUTPUT = flags.DEFINE_string("output", None, "File of directions, *.npz.")
_SCORED = (_ATTRIBUTES, _CLASSIFIERS, _DATASET, _FEATURES)
_SUPERVISED = (_FIT, _DAMPING, _GIVEN)


def main():
    """Finds or reads directions; writes, draws and measures them."""
    _refuse_odd()
    quiet.import_tensorflow()
    from stylegan_tf.editing.directions import samples

    generator = _POINTS.open(takes_all_classes=True)
    layers = _layers(generator.ws_shape[0])
    known, scorer = _read(generator), _scorer()
    _refuse_unknown(known, scorer)
    if _DRY_RUN.value:
        print(f"{_plan(scorer)} of {generator.path}")
        return
    w = None
    if not known or _ORTHOGONAL.value:
        w = samples.draw(generator, _IMAGES.value, **_drawn(0))[:, 0]
    if _compares():
        groups = _all(generator, scorer, w, layers)
    else:
        found = known or _found(generator, scorer, w, layers)
        found = _orthogonal(found, w)
        groups = {_METHOD.value or "directions": found}
        _write(generator, scorer, found)
    if _TABLE.value:
        _print_table(generator, scorer, groups)


def _refuse_odd():
    """Refuses flags that do not go together, before TensorFlow starts."""
    _POINTS.refuse_odd()
    if _OUTPUT.value:
        outputs.file(
            "output", _OUTPUT.value, suffix=".npz", example="directions.npz"
        )
    if _PICTURE.value:
        suffix = (".png", ".pdf")
        outputs.file(
            "picture", _PICTURE.value, suffix=suffix, example="strips.png"
        )
    elif not (_OUTPUT.value or _TABLE.value):
        raise ValueError(
            "give --output=FILE.npz, --picture=FILE.png or --table; see --help"
        )
    if _SOURCE.value:
        reason = "is not for --source, whose directions were found"
        tool.refuse_given(reason, _METHOD, _LAYERS, _COUNT, *_SUPERVISED)
    elif not _is_supervised():
        tool.refuse_given(f"is not for --method={_METHOD.value}", *_SUPERVISED)
    elif not _compares():
        tool.refuse_given("is for --method=sefa and pca", _COUNT)
    if _compares():
        reason = "has no say where --table compares all methods"
        tool.refuse_given(reason, _FIT, _GIVEN, _ORTHOGONAL)
    elif _FIT.value == "svm":
        tool.refuse_given("is for --fit=ridge", _DAMPING)
    if not _PICTURE.value:
        tool.refuse_given("is for --picture", _NAMES, _AMOUNTS)
    if not _TABLE.value:
        tool.refuse_given("is for --table", _MEASURED, _AMOUNT)
        if not _is_supervised():
            tool.refuse_given("has no say here: no image is scored", *_SCORED)
    if _DATASET.value:
        tool.refuse_given("is not for --dataset: give one", _CLASSIFIERS)
    else:
        tool.refuse_given("is for --dataset", _FEATURES)
    _numbers(_AMOUNTS.value)


def _is_supervised():
    return not _SOURCE.value and _METHOD.value in (None, "supervised")


def _compares():
    """Whether all methods are to be measured."""
    chosen = (_METHOD, _SOURCE, _OUTPUT, _PICTURE)
    return _TABLE.value and not any(each.value for each in chosen)


def _numbers(texts):
    try:
        return [float(text) for text in texts]
    except ValueError as error:
        raise ValueError(
            "--amounts must be numbers with commas between: -2,0,2. "
            f"Received: {','.join(texts)}"
        ) from error


def _layers(count):
    """First layer, and the one after the last."""
    if not _LAYERS.value:
        return 0, count
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", _LAYERS.value)
    first, last = match.groups() if match else (1, 0)
    first, last = int(first), int(first if last is None else last)
    if not first <= last < count:
        raise ValueError(
            f"--layers must look like 0-3, of this network's layers 0 to "
            f"{count - 1}. Received: {_LAYERS.value}"
        )
    return first, last + 1


def _drawn(purpose):
    """What `samples.draw` takes; another purpose draws other latents."""
    seed = [_SEED.value, purpose]
    return {"seed": seed, "chosen_class": _POINTS.chosen_class.value}


def _read(generator):
    """The directions of --source, [] without."""
    from stylegan_tf.editing import direction_files

    known = {}
    for path in _SOURCE.value:
        known |= direction_files.read(path)
    shape = generator.ws_shape
    return [direction_files.find(known, name, shape) for name in known]


def _scorer():
    """What scores images; None where nobody asks it."""
    if not (_TABLE.value or _is_supervised()):
        return None
    from stylegan_tf.data import sources
    from stylegan_tf.editing.directions import scores
    from stylegan_tf.features import detectors

    names = _ATTRIBUTES.value
    if not _DATASET.value:
        found = detectors.Detectors("offline", _CLASSIFIERS.value)
        return scores.of_classifiers(found.of("attribute_classifiers"), names)
    detector = detectors.Detectors(_FEATURES.value).of("inception")
    source = sources.open_source(_DATASET.value)
    tool.note(sources.unread_note(source))
    scorer, told = scores.of_labels(detector, source, names)
    told = ", ".join(f"{name} {share:.1%}" for name, share in told.items())
    print(f"Of labels held out the probes tell: {told}")
    return scorer


def _refuse_unknown(known, scorer):
    """Refuses names that no direction will have."""
    if _is_supervised():
        names = scorer.names
    elif known:
        names = [each.name for each in known]
    else:
        names = [f"{_METHOD.value}{i}" for i in range(_COUNT.value)]
    others = set(_ORTHOGONAL.value) - {"all", "none"}
    for flag, given in (
        (_GIVEN, _given()),
        (_ORTHOGONAL, others),
        (_NAMES, _NAMES.value),
    ):
        for name in given:
            if name not in names:
                raise ValueError(
                    f"--{flag.name}: there is no `{name}`."
                    + suggest.closest(name, names)
                    + f" There are: {', '.join(names)}"
                )


def _plan(scorer):
    """What is to be done, in words."""
    if _compares():
        return f"a table of all methods, by {scorer.about},"
    made = f"{_METHOD.value or 'supervised'} directions"
    if _SOURCE.value:
        made = f"directions of {', '.join(_SOURCE.value)}"
    elif scorer:
        made += f" for {', '.join(scorer.names)} by {scorer.about}"
    to = [each.value for each in (_OUTPUT, _PICTURE) if each.value]
    return f"{made} to {', '.join(to)}," if to else f"{made}, measured,"


def _found(generator, scorer, w, layers):
    """The directions of --method."""
    from stylegan_tf.editing.directions import methods, supervised

    if not _is_supervised():
        by = methods.by_sefa if _METHOD.value == "sefa" else methods.by_pca
        return by(generator, w, layers, _COUNT.value)
    return methods.by_scores(
        w,
        _scores(generator, scorer, w),
        scorer.names,
        layers,
        fit=supervised.svm if _FIT.value == "svm" else _ridge(),
        given=_given(),
    )


def _ridge():
    """What fits planes, unless --fit=svm."""
    from stylegan_tf.editing.directions import supervised

    return functools.partial(supervised.ridge, damping=_DAMPING.value)


def _all(generator, scorer, w, layers):
    """The directions of every method, by its name."""
    from stylegan_tf.editing.directions import methods, supervised

    scores, found = _scores(generator, scorer, w), {}
    for name, by in (("sefa", methods.by_sefa), ("pca", methods.by_pca)):
        try:
            found[name] = by(generator, w, layers, _COUNT.value)
        except ValueError as error:
            tool.note(f"no {name}: {error}")
    for name, fit in (("svm", supervised.svm), ("ridge", _ridge())):
        plain = methods.by_scores(w, scores, scorer.names, layers, fit=fit)
        found[name] = plain
        found[f"{name}, orthogonal"] = methods.made_orthogonal(
            plain, w, scorer.names
        )
    return found


def _scores(generator, scorer, w):
    """Scores of the images of `w`."""
    from stylegan_tf.editing.directions import samples

    layers, size = generator.ws_shape
    ws = np.broadcast_to(w[:, None], (len(w), layers, size))
    with tqdm.tqdm(total=len(w), unit="img", leave=False) as bar:
        return samples.scores(generator, scorer.score, ws, bar.update)


def _given():
    """Whether an attribute is to be there, by name, of --given."""
    return {
        each.strip().removeprefix("-"): not each.strip().startswith("-")
        for each in _GIVEN.value
    }


def _orthogonal(found, w):
    """Directions, orthogonal to those of --orthogonal_to."""
    from stylegan_tf.editing.directions import methods

    others = _ORTHOGONAL.value or ["all" if _is_supervised() else "none"]
    if others == ["none"]:
        return found
    if others == ["all"]:
        others = [each.name for each in found]
    return methods.made_orthogonal(found, w, others)


def _write(generator, scorer, found):
    """Writes the file and the picture that were asked for."""
    from stylegan_tf.editing import direction_files
    from stylegan_tf.editing.figures import plate, strips

    if _OUTPUT.value:
        about = {"network": str(generator.path), "command": tool.command()}
        if scorer:
            about["scores"] = scorer.about
        direction_files.write(_OUTPUT.value, found, **about)
        print(f"{len(found)} directions in {_OUTPUT.value}:")
        for each in found:
            layers = f"layers {each.first}-{each.last - 1}"
            print(f"  {each.name:<16} {layers}, spread {each.spread:.3f}")
    if _PICTURE.value:
        known = {each.name: each for each in found}
        shown = [known[name] for name in _NAMES.value or known]
        ws, noise = _POINTS.styles(generator)
        amounts = _numbers(_AMOUNTS.value)
        figure = strips.draw(generator, ws, shown, amounts, noise=noise)
        plate.save(figure, _PICTURE.value)
        print(f"strips of {len(shown)} directions in {_PICTURE.value}")


def _print_table(generator, scorer, groups):
    """Prints what directions change, a part a method."""
    from stylegan_tf.editing.directions import effects, samples

    ws = samples.draw(generator, _MEASURED.value, **_drawn(1))
    total = sum(map(len, groups.values()))
    with tqdm.tqdm(total=total, unit="direction", leave=False) as bar:
        measured = effects.measure_all(
            generator,
            scorer.score,
            ws,
            groups,
            _AMOUNT.value,
            report=bar.update,
        )
    amount = f"{_AMOUNT.value:g}"
    print(
        f"What changes from -{amount} to {amount} spreads, in "
        f"standard deviations of each score,\nmeans of {len(ws)} images, by "
        f"{scorer.about}. others: mean size of\nthe other changes of an image; "
        "ratio: the attribute's change over it.\n"
    )
    print("\n".join(effects.table(measured, list(scorer.names))))


if __name__ == "__main__":
    tool.run(main)
