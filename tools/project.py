"""Finds images in a network: the w and noise of which it makes them.

python -m tools.project --network=runs/faces --targets=anna.png,photos/
    --output=found/ [--space=w+ --video=.mp4]
python -m tools.project --network=runs/faces --self_test --output=known/
python -m tools.generate --network=runs/faces --ws=found/projected.npz
    --output=again/

Stopped, the same command goes on. StyleGAN2's appendix D: 1,000 steps; what
is far from all that the network makes is not of it.
"""

import time

import tqdm
from absl import flags

from stylegan_tf import columns, commands, quiet, terminal
from stylegan_tf.command_line import distances, outputs, points, tool, values

_NETWORK = flags.DEFINE_string(
    "network",
    None,
    "Run directory, snapshot, imported network, official file or its name, "
    "or a SavedModel of tools.export.",
)
_TARGETS = flags.DEFINE_list(
    "targets", [], "Image files, folders or data sets, with commas between."
)
_NUM_IMAGES = flags.DEFINE_integer(
    "num_images",
    3,
    "How many to take of each folder or data set.",
    lower_bound=1,
)
_SELF_TEST = flags.DEFINE_bool(
    "self_test", False, "Project generated images first; say how well it went."
)
_SEEDS = flags.DEFINE_string("seeds", "0-2", "Of the generated images.")
_PSI = flags.DEFINE_float("truncation_psi", 1.0, "Of the generated images.")
_CLASS = flags.DEFINE_string(
    "class",
    None,
    "Class to start from, and of generated images, its number or name; by "
    "default all in turn.",
)
_SPACE = flags.DEFINE_enum(
    "space", "w", ["w", "w+"], "One w for all layers, or one for each."
)
_STEPS = flags.DEFINE_integer("steps", 1000, "Of each image.", lower_bound=1)
_SEED = values.define_seed()
_PIXELS = flags.DEFINE_float(
    "pixel_weight",
    0.0,
    "Of the mean squared difference of pixels, beside the distance.",
    lower_bound=0,
)
_FEATURES = flags.DEFINE_string(
    "features",
    "auto",
    "What distances are by: auto (LPIPS where it is found, else the offline "
    "extractor), offline, or a folder with LPIPS.",
)
_BATCH_SIZE = flags.DEFINE_integer(
    "batch_size", 4, "Images at once; fewer are padded to it.", lower_bound=1
)
_SNAPSHOTS = flags.DEFINE_integer(
    "snapshots", 5, "Steps to keep pictures of.", lower_bound=1
)
_VIDEO = flags.DEFINE_enum(
    "video", "", ["", ".mp4", ".webp", ".gif"], "Write videos of this kind."
)
_OUTPUT = flags.DEFINE_string("output", None, "Folder of all that is found.")
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be projected.")


def main():
    """Projects all images; prints how close to them it came."""
    _refuse_odd()
    output = outputs.folder("output", _OUTPUT.value)
    quiet.import_tensorflow()
    from stylegan_tf import generators
    from stylegan_tf.editing.projection import job, targets
    from stylegan_tf.training import lock

    detector = distances.detector(_FEATURES.value)
    generator = generators.open(_NETWORK.value)
    known, ws, labels = _generated(generator)
    given = None
    if _TARGETS.value:
        shape, most = generator.image_shape, _NUM_IMAGES.value
        given = targets.read(_TARGETS.value, shape, most)
    wanted = targets.joined(known, given)
    by = f"{detector.name} ({detector.label})" if detector.label else "LPIPS"
    print(
        f"{terminal.counted(len(wanted.names), 'image')} in "
        f"{terminal.counted(_STEPS.value, 'step')} of "
        f"{_SPACE.value}, {_BATCH_SIZE.value} at a time, to {output}; "
        f"distances by {by}"
    )
    if _DRY_RUN.value:
        return
    projector = _projector(generator, detector)
    settings = job.settings_of(projector, wanted, detector, **_more(generator))
    with lock.held(output, job.LOCK, job.TAKEN):
        results = job.finished(output, settings)
        if results is None:
            found = _project(projector, wanted, output, settings)
            results = _results(projector, wanted, found, ws, labels)
            job.finish(output, settings, results)
    print(_table(results))
    _say_next(output)


def _refuse_odd():
    """Refuses flags that are missing or do not go together."""
    tool.require(network=_NETWORK.value, output=_OUTPUT.value)
    if not (_TARGETS.value or _SELF_TEST.value):
        raise ValueError("--targets or --self_test is needed; see --help")
    values.seeds(_SEEDS.value)
    if not _SELF_TEST.value:
        tool.refuse_given("is for generated images: --self_test", _SEEDS, _PSI)
    if not _TARGETS.value:
        tool.refuse_given("is for folders: --targets", _NUM_IMAGES)
    if _VIDEO.value:
        from stylegan_tf.editing import video
        from stylegan_tf.editing.projection import album

        video.refuse(f"video{_VIDEO.value}", album.FPS)


def _generated(generator):
    """`targets.Targets` of --seeds, their ws and labels; Nones without."""
    from stylegan_tf.editing.projection import targets

    chosen = _chosen_class(generator)
    if not _SELF_TEST.value:
        return None, None, None
    if not generator.can_truncate and _PSI.value != 1:
        tool.refuse_given("is not for ProGAN: it has no mean w", _PSI)
    seeds = values.seeds(_SEEDS.value)
    classes = range(len(seeds)) if chosen is None else [chosen] * len(seeds)
    labels = generator.labels(classes)
    ws = generator.map(generator.latents(seeds), labels, _PSI.value)
    names = [f"seed{seed:04d}" for seed in seeds]
    return targets.Targets(names, generator.images(ws)), ws, labels


def _projector(generator, detector):
    from stylegan_tf.editing.projection import projector

    return projector.Projector(
        generator,
        detector,
        steps=_STEPS.value,
        seed=_SEED.value,
        space=_SPACE.value,
        pixel_weight=_PIXELS.value,
        class_index=_chosen_class(generator),
    )


def _chosen_class(generator):
    """That of --class, None for all."""
    return points.class_of(_CLASS.value, generator.config, is_needed=False)


def _more(generator):
    """What else decides about the results, by name."""
    chosen = _chosen_class(generator)
    return {
        "pixel_weight": _PIXELS.value,
        "class": _CLASS.value if isinstance(chosen, tuple) else chosen,
        "batch_size": _BATCH_SIZE.value,
        "snapshots": _SNAPSHOTS.value,
        "video": _VIDEO.value,
        "self_test": _SEEDS.value if _SELF_TEST.value else None,
        "truncation_psi": _PSI.value,
    }


def _project(projector, wanted, output, settings):
    """`projector.Found`; says how fast it was and what memory it took."""
    from stylegan_tf.editing.projection import job
    from stylegan_tf.training import summaries

    moments, total = [], len(wanted.names) * projector.steps
    with tqdm.tqdm(total=total, unit="step") as bar:

        def watch(count, distances):
            moments[1:] = [(time.monotonic(), count)]  # the first and the last
            bar.update(count - bar.n)
            bar.set_postfix(distance=f"{distances.mean():.4f}", refresh=False)

        found = job.run(
            projector,
            wanted,
            output,
            settings,
            watch,
            batch_size=_BATCH_SIZE.value,
            snapshots=_SNAPSHOTS.value,
            video=_VIDEO.value,
        )
    if len(moments) > 1:  # the first step is slow: it is compiled
        (start, before), (end, after) = moments
        rate = (after - before) / (end - start)
        print(
            f"{rate:.1f} images a second take a step, "
            f"{60 * rate / projector.steps:.2f} a minute are found"
        )
    for name, peak in summaries.memory_gib().items():
        owner = name.removeprefix("memory/").removesuffix("_gib")
        print(f"peak memory of the {owner}: {peak:.2f} GiB")
    return found


def _results(projector, wanted, found, ws, labels):
    """A dict for every image, of generated ones with how well it went."""
    from stylegan_tf.editing.projection import self_test

    results = [
        {"name": name, "distance": float(distance)}
        for name, distance in zip(wanted.names, found.distances, strict=True)
    ]
    if ws is None:
        return results
    count = len(ws)
    images, found_ws = wanted.images[:count], found.ws[:count]
    measured = self_test.measure(
        projector, images, ws, found_ws, labels, _BATCH_SIZE.value
    )
    for name, column in measured.items():
        for result, value in zip(results[:count], column, strict=True):
            result[name] = float(value)
    return results


def _table(results):
    """What came out, an image a line."""
    header = ["image", "distance", "of random w", "closer by"]
    rows = [[*header, "w is off by", "random w by", "closer by"]]
    for each in results:
        row = [each["name"], f"{each['distance']:.4f}"]
        if "random_distance" in each:
            random, random_w = (
                each["random_distance"],
                each["random_w_distance"],
            )
            row += [f"{random:.2f}", f"{random / each['distance']:.1f}"]
            row += [f"{each['w_distance']:.2f}", f"{random_w:.2f}"]
            row.append(f"{random_w / each['w_distance']:.1f}")
        rows.append(row)
    width = max(map(len, rows[1:]))
    rows = [(row + [""] * width)[:width] for row in rows]
    return columns.aligned(rows, right=range(1, width))


def _say_next(output):
    from stylegan_tf.editing.projection import job

    print(f"{output / job.SHEET} shows them. Try next:")
    again = commands.line(
        "generate",
        f"--network={_NETWORK.value}",
        f"--ws={output / job.LATENTS}",
        f"--output={output.parent / 'again'}",
    )
    print(f"  {again}")


if __name__ == "__main__":
    tool.run(main)
