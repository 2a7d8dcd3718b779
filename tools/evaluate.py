"""Measures a trained network: FID, path length, separability and so on.

python -m tools.evaluate --network=runs/faces --dataset=DIR
    --metrics=fid50k_full,kid50k_full,pr50k3_full,ppl_wend,ls
    [--truncation_psi=0.7]
"""

import collections
import itertools
import os
import sys

import tqdm
from absl import flags

from stylegan_tf import quiet, run_directory, terminal
from stylegan_tf.command_line import outputs, tool, values
from stylegan_tf.data import labels
from stylegan_tf.evaluation import names

_NETWORK = flags.DEFINE_string(
    "network",
    None,
    "Run directory, snapshot, imported network, official file or its name, "
    "or a SavedModel of tools.export.",
)
_DATASET = flags.DEFINE_string(
    "dataset", None, "Real images; by default those it was trained on."
)
_METRICS = flags.DEFINE_string(
    "metrics",
    "fid50k_full",
    f"With commas between: {', '.join(names.NAMES)}. Another count as in "
    "fid5k_full, pr5k3, ppl5k_wend, ppl2_5k_wend, ls20k or swd4k, mixed styles "
    "of 2 to 9 latents as in fid50k_mix2.",
)
_MIRROR = flags.DEFINE_bool(
    "mirror",
    None,
    "Whether half of the real images are flipped, in metrics whose names lack "
    "_full; by default as in the network's training.",
)
_REPEAT_REALS = flags.DEFINE_bool(
    "repeat_reals",
    None,
    "Whether fid, pr and swd, without _full, show real images again where "
    "there are too few, as the code of ProGAN, StyleGAN and StyleGAN2 does; "
    "ADA's takes each once. By default as the network's family.",
)
_FEATURES = flags.DEFINE_string(
    "features",
    "auto",
    "Feature networks: auto (published ones where they are found, else the "
    "offline extractor), offline, a folder of published ones, or one of yours "
    "(a SavedModel, .keras or .onnx).",
)
_CLASSIFIERS = flags.DEFINE_string(
    "classifiers",
    "",
    "Folder of classifiers by tools.train_classifier, for ls, agree and cs; cs "
    "takes one of --classes.",
)
_PSI = flags.DEFINE_float(
    "truncation_psi",
    1.0,
    "Of the images that every metric looks at; 1 for no truncation, as the "
    "papers. Numbers of others are called so: fid50k_full_psi0.7.",
)
_CUTOFF = flags.DEFINE_integer(
    "truncation_cutoff",
    None,
    "How many of the first layers it reaches; by default all.",
    lower_bound=1,
)
_BY_CLASS = flags.DEFINE_bool(
    "by_class",
    False,
    "Each class alone, against the real images of it: fid5k_full_class_cat.",
)
_SEED = values.define_seed()
_BATCH_SIZE = flags.DEFINE_integer(
    "batch_size", 16, "Images a device makes at once.", lower_bound=2
)
_STRATEGY = flags.DEFINE_enum(
    "strategy", "auto", ["auto", "none", "mirrored"], "How to use devices."
)
_CACHE = flags.DEFINE_bool(
    "cache", True, "Keep features of real images for the next time."
)
_OUTPUT = flags.DEFINE_string(
    "output", None, "File of JSON lines to add to; by the network by default."
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be measured.")


def main():
    """Measures, adds to metrics.jsonl, prints a table; 1 if one failed."""
    tool.require(network=_NETWORK.value, metrics=_METRICS.value)
    quiet.import_tensorflow(in_slices=True)
    from stylegan_tf import generators
    from stylegan_tf.training import devices

    evaluators = names.parse_all(_METRICS.value)
    _refuse_idle(evaluators)
    with devices.strategy(_STRATEGY.value).scope():
        generator = generators.open(
            _NETWORK.value, batch_size=_BATCH_SIZE.value
        )
        _refuse_truncation(generator)
        job = _job(generator, evaluators)
        job.detectors.refuse_missing(each.detector for each in evaluators)
        output = _OUTPUT.value or run_directory.metrics_file(generator.path)
        outputs.file("output", output, example=run_directory.METRICS)
        jobs = _by_class(job) if _BY_CLASS.value else [job]
        if _DRY_RUN.value:
            for job, each in itertools.product(jobs, evaluators):
                results = (name + job.label for name in each.result_names)
                print(f"{', '.join(results)}: {_plan(job, each)}")
            print(f"of {generator.path}, to {output}")
            return 0
        return _report(_measured(jobs, evaluators), output)


def _refuse_idle(evaluators):
    """Refuses flags that none of the metrics heeds."""
    named = ", ".join(each.name for each in evaluators)
    idle = f"changes none of these metrics: {named}"
    see = f"{idle}. See --help for those that it does; none with _full."
    kinds = {each.detector for each in evaluators}
    if kinds.isdisjoint({"attribute_classifiers", "class_classifier"}):
        why = f"{idle}. It is for ls, agree and cs"
        tool.refuse_given(why, _CLASSIFIERS)
    if kinds <= {None, "class_classifier"}:
        tool.refuse_given(idle, _FEATURES)
    if not any(each.keeps_mirror for each in evaluators):
        tool.refuse_given(see, _MIRROR)
    if not any(each.may_repeat for each in evaluators):
        tool.refuse_given(see, _REPEAT_REALS)


def _refuse_truncation(generator):
    """Refuses what `generator` can not do, or what would change nothing."""
    if _PSI.value == 1:
        return tool.refuse_given(
            "changes nothing without --truncation_psi, such as 0.7", _CUTOFF
        )
    if not generator.can_truncate:
        tool.refuse_given(
            "is not for this network: it has no mean w, as ProGAN", _PSI
        )
    layers = generator.config.num_ws
    if _CUTOFF.value is not None and _CUTOFF.value >= layers:
        tool.refuse_given(
            f"must be less than {layers}, the layers of this network; leave "
            "it out for all",
            _CUTOFF,
        )


def _plan(job, evaluator):
    """What a metric is to do, in words."""
    words = [f"{evaluator.generated:,} generated"]
    if evaluator.latents:
        words[0] += f" of {evaluator.latents} latents each"
    if evaluator.uses_real and job.reals:
        real, there = job.real_count(evaluator), job.reals.count()
        again = f" of {there:,}, shown again" if real > there else ""
        flipped = ", half mirrored" if job.is_mirrored_for(evaluator) else ""
        words.append(f"{real:,} real images{again}{flipped}")
    if evaluator.detector:
        words.append(evaluator.detector.replace("_", " "))
    return ", ".join(words)


def _job(generator, evaluators):
    from stylegan_tf.evaluation import job
    from stylegan_tf.features import detectors

    config = generator.config
    mirror, repeat = _MIRROR.value, _REPEAT_REALS.value
    return job.Job(
        generator,
        detectors.Detectors(_FEATURES.value, _CLASSIFIERS.value),
        _reals(generator, evaluators),
        is_mirrored=config.data.mirror if mirror is None else mirror,
        repeats_reals=config.metrics.repeat_reals if repeat is None else repeat,
        seed=_SEED.value,
        truncation_psi=_PSI.value,
        truncation_cutoff=_CUTOFF.value,
    )


def _by_class(job):
    """A job for each class that there are real images of."""
    config = job.network.config
    if not config.label_size or config.label_kind == "vectors":
        what = "vectors" if config.label_size else "no labels"
        tool.refuse_given(
            f"is for networks with classes: this one has {what}", _BY_CLASS
        )
    numbers = range(config.label_size)
    if job.reals:
        counts = collections.Counter(job.reals.source.classes.tolist())
        numbers = [number for number in numbers if counts[number]]
        few = [
            f"{terminal.escaped(job.class_names[number])} ({counts[number]})"
            for number in numbers
            if counts[number] < labels.FEW_OF_A_CLASS
        ]
        about = "classes of so few real images that FID and KID say little"
        tool.note(f"{about}: {', '.join(few)}" if few else "")
    return [job.of(number) for number in numbers]


def _reals(generator, evaluators):
    """The real images, None where no metric looks at any."""
    from stylegan_tf.data import sources
    from stylegan_tf.evaluation import reals

    config, path = generator.config, _DATASET.value
    if not config.label_size and not any(each.uses_real for each in evaluators):
        named = ", ".join(each.name for each in evaluators)
        tool.refuse_given(f"has no say in these metrics: {named}", _DATASET)
        return None
    if path is None and generator.images_seen:
        path = config.data.path
    if not path:
        return None
    found = reals.Reals(path, config, seed=_SEED.value, keeps=_CACHE.value)
    tool.note(sources.unread_note(found.source))
    return found


def _report(found, output):
    """Prints measurements and adds them to `output`; 1 if one failed.

    Args:
        found: Pairs of a job and a `Measurement`.
        output: The file.
    """
    from stylegan_tf.evaluation import measure, rows

    made = [
        rows.row(
            each,
            job,
            images_seen=job.network.images_seen,
            network=str(job.network.path),
            command=tool.command(),
        )
        for job, each in found
        if not each.error
    ]
    found = [each for _, each in found]
    done = [each for each in found if not each.error]
    if done:
        print(rows.table(done))
    run_directory.append(output, made)  # last: the disk may be full
    for each in found:
        if each.error and os.environ.get("DEBUG"):
            raise each.error
    for reason, failed in measure.failures(found).items():
        print(f"{', '.join(dict.fromkeys(failed))}: {reason}", file=sys.stderr)
    if done:
        note = measure.note(done)
        print(f"{note}The rows, with their protocol, are in {output}")
    return 0 if len(done) == len(found) else 1


def _measured(jobs, evaluators):
    """Jobs and `Measurement`s, with a progress bar over generated images."""
    from stylegan_tf.evaluation import measure

    found, total = [], len(jobs) * measure.total(evaluators)
    with tqdm.tqdm(total=total, unit="img", unit_scale=True) as bar:
        # Batches overshoot, which would hide the bar.
        for job in jobs:
            job.report = lambda count: bar.update(min(count, total - bar.n))
            if job.reals:
                job.reals.report = lambda seen, total: bar.set_postfix_str(
                    f"real images: {seen:,} of {total:,}"
                )
            for each in measure.measure(job, evaluators):
                found.append((job, each))
                bar.set_postfix_str(f"{each.evaluator.name}{job.label} done")
    return found


if __name__ == "__main__":
    tool.run(main)
