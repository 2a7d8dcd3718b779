"""Finds the directions that flags ask for; see `asked`."""

import functools

import numpy as np
import tqdm

from stylegan_tf.command_line import points, tool
from stylegan_tf.command_line.directions import asked


def read(flags, generator):
    """The directions of --source, [] without."""
    from stylegan_tf.editing import direction_files

    known = {}
    for path in flags.source:
        known |= direction_files.read(path)
    shape = generator.ws_shape
    return [direction_files.find(known, name, shape) for name in known]


def scorer(flags):
    """What scores images; None where nobody asks it."""
    if not (flags.table or asked.is_supervised(flags)):
        return None
    from stylegan_tf.data import sources
    from stylegan_tf.editing.directions import scores
    from stylegan_tf.features import detectors

    names = flags.attributes
    if not flags.dataset:
        found = detectors.Detectors("offline", flags.classifiers)
        return scores.of_classifiers(found.of("attribute_classifiers"), names)
    detector = detectors.Detectors(flags.features).of("inception")
    source = sources.open_source(flags.dataset)
    tool.note(sources.unread_note(source))
    found, told = scores.of_labels(detector, source, names)
    told = ", ".join(f"{name} {share:.1%}" for name, share in told.items())
    print(f"Of labels held out the probes tell: {told}")
    return found


def styles(flags, generator, count, *, purpose):
    """Styles `[count, L, D]`; another purpose draws other latents."""
    from stylegan_tf.editing.directions import samples

    seed = [flags.seed, purpose]
    text = flags["class"].value
    chosen = points.class_of(text, generator.config, is_needed=False)
    return samples.draw(generator, count, seed=seed, chosen_class=chosen)


def found(flags, generator, scorer, w, layers):
    """The directions of --method."""
    from stylegan_tf.editing.directions import methods, supervised

    if not asked.is_supervised(flags):
        return _without_images(flags, flags.method, generator, w, layers)
    return methods.by_scores(
        w,
        _scores(generator, scorer, w),
        scorer.names,
        layers,
        fit=supervised.svm if flags.fit == "svm" else _ridge(flags),
        given=asked.attributes_given(flags),
    )


def all_methods(flags, generator, scorer, w, layers):
    """The directions of every method, by its name."""
    from stylegan_tf.editing.directions import methods, supervised

    scores, found = _scores(generator, scorer, w), {}
    for name in ("sefa", "pca"):
        try:
            found[name] = _without_images(flags, name, generator, w, layers)
        except ValueError as error:
            tool.note(f"no {name}: {error}")
    for name, fit in (("svm", supervised.svm), ("ridge", _ridge(flags))):
        plain = methods.by_scores(w, scores, scorer.names, layers, fit=fit)
        found[name] = plain
        found[f"{name}, orthogonal"] = methods.made_orthogonal(
            plain, w, scorer.names
        )
    return found


def made_orthogonal(flags, found, w):
    """Directions, orthogonal to those of --orthogonal_to as they were."""
    from stylegan_tf.editing.directions import methods

    others = flags.orthogonal_to or [
        "all" if asked.is_supervised(flags) else "none"
    ]
    if others == ["none"]:
        return found
    if others == ["all"]:
        others = [each.name for each in found]
    return methods.made_orthogonal(found, w, others)


def _without_images(flags, method, generator, w, layers):
    """Directions by sefa or pca; says if there are fewer than --count."""
    from stylegan_tf.editing.directions import methods

    by = methods.by_sefa if method == "sefa" else methods.by_pca
    made = by(generator, w, layers, flags.count)
    if len(made) < flags.count:
        tool.note(
            f"--count={flags.count}: {method} finds {len(made)} here, no more"
        )
    return made


def _ridge(flags):
    """What fits planes, unless --fit=svm."""
    from stylegan_tf.editing.directions import supervised

    return functools.partial(supervised.ridge, damping=flags.damping)


def _scores(generator, scorer, w):
    """Scores of the images of `w`."""
    from stylegan_tf.editing.directions import samples

    layers, size = generator.ws_shape
    ws = np.broadcast_to(w[:, None], (len(w), layers, size))
    with tqdm.tqdm(total=len(w), unit="img", leave=False) as bar:
        return samples.scores(generator, scorer.score, ws, bar.update)
