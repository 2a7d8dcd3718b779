"""Trains variants of one family side by side, and compares them in a table.

python -m tools.ablate --config=configs/stylegan.py --variants=a,b,c,d,e,f
    --output=runs/ablation [--small --config.FIELD=VALUE ...]
    [--metrics=fid5k_full,ppl5k_wfull,ls20k]
"""

import pathlib
from typing import NamedTuple

from absl import flags

from stylegan_tf import commands, files, images, quiet, recipes, suggest
from stylegan_tf import config as config_lib
from stylegan_tf.command_line import children, configs, outputs, tool, values
from stylegan_tf.config import differences

_CONFIG = configs.define()
_VARIANTS = flags.DEFINE_string("variants", None, "E.g. a,b,c.")
_OUTPUT = flags.DEFINE_string(
    "output", None, "Folder of the table and of one run a variant."
)
_SMALL = flags.DEFINE_bool("small", False, "At 32x32, narrow, in minutes.")
_SEEDS = flags.DEFINE_string("seeds", "0-7", "Of samples, e.g. 1,2,5-8.")
_PSI = flags.DEFINE_float("truncation_psi", 1.0, "Of samples; 1 for none.")
_METRICS = flags.DEFINE_string(
    "metrics", "", "What to measure; names as in tools.evaluate."
)
_FEATURES = flags.DEFINE_string(
    "features", "auto", "Feature networks, as in tools.evaluate."
)
_CLASSIFIERS = flags.DEFINE_string(
    "classifiers", "", "Attribute classifiers, as in tools.evaluate."
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Print the commands, and stop.")


class Variant(NamedTuple):
    """A variant to train."""

    config: object  # resolved
    workdir: pathlib.Path
    arguments: list  # of tools.train


def main():
    """Trains every variant, then writes the table; 1 if one failed."""
    seeds = values.seeds(_SEEDS.value)
    variants, published = _variants()
    metrics = _metrics()
    jobs = {name: each.arguments for name, each in variants.items()}
    if _DRY_RUN.value:
        for arguments in jobs.values():
            print(commands.line("train", *arguments))
        return 0
    problems, is_stopped = children.run_all("train", jobs)
    unmeasured = {}
    if not is_stopped:
        trained = {k: v for k, v in variants.items() if k not in problems}
        jobs = _unmeasured(trained, metrics)
        failed, is_stopped = children.run_all("evaluate", jobs)
        unmeasured = {name: f"measuring {why}" for name, why in failed.items()}
    _compare(variants, problems, unmeasured, published=published, seeds=seeds)
    if is_stopped:
        print(f"Stopped. To go on:\n  {tool.command()}")
    return 1 if problems or unmeasured else 0


def _variants():
    """Every `Variant` that was asked for by its name, and the paper's figures.

    Raises:
        ValueError: If there is no such variant, or if it could not be trained.
    """
    path, _, variant = (_CONFIG.value or "").partition(":")
    if variant:
        raise ValueError("--config: name variants in --variants=a,b,c instead")
    file = configs.module(path)
    tool.require(variants=_VARIANTS.value, output=_OUTPUT.value)
    outputs.folder("output", _OUTPUT.value)
    known = [str(each) for each in getattr(file, "VARIANTS", ())]
    if not known:
        raise ValueError(f"--config: {path} has no VARIANTS to compare")
    names = [name.strip() for name in _VARIANTS.value.split(",")]
    for name in names:
        if name not in known:
            raise ValueError(
                f"--variants: {path} has no variant `{name}`."
                f"{suggest.closest(name, known)} It has: {', '.join(known)}"
            )
    variants = {name: _variant(path, name) for name in names}
    return variants, getattr(file, "PUBLISHED", {})


def _variant(path, name):
    tf = quiet.import_tensorflow(in_slices=True)
    from stylegan_tf.training import continuing, settling

    text, workdir = f"{path}:{name}", pathlib.Path(_OUTPUT.value) / name
    own, fields = configs.load(text), {}
    if _SMALL.value:
        small = config_lib.changed(own, {})
        recipes.small(small)
        rows = differences.all_differences(own, small)
        fields = {field: value for field, _, value in rows}
    fields |= configs.typed()
    replicas = max(len(tf.config.list_physical_devices("GPU")), 1)
    try:
        config, _ = settling.settle(
            config_lib.changed(own, fields),
            replicas=replicas,
            workdir=workdir,
            typed=fields,
        )
        config = config_lib.resolve(config)
        continuing.refuse(config, replicas)
        continuing.refuse_other_networks(
            config, workdir, otherwise="Take another --output"
        )
        continuing.refuse_other_settings(config, workdir)
    except (ValueError, OSError) as error:
        raise ValueError(f"variant {name}: {error}") from error
    overrides = [f"--config.{field}={value}" for field, value in fields.items()]
    arguments = [f"--config={text}", *overrides, f"--workdir={workdir}"]
    return Variant(config, workdir, arguments)


def _metrics():
    """The evaluators of --metrics; refuses what they would miss hours later."""
    if not _METRICS.value:
        tool.refuse_given("is for --metrics", _FEATURES, _CLASSIFIERS)
        return ()
    from stylegan_tf.evaluation import names
    from stylegan_tf.features import detectors

    found = names.parse_all(_METRICS.value)
    networks = detectors.Detectors(_FEATURES.value, _CLASSIFIERS.value)
    networks.refuse_missing([each.detector for each in found])
    return found


def _unmeasured(variants, metrics):
    """Arguments of tools.evaluate for every variant that lacks some, by name.

    What metrics.jsonl has of the newest snapshot is not measured again.
    """
    from stylegan_tf import checkpoint, run_directory

    jobs = {}
    for name, (_, workdir, _) in variants.items():
        seen = int(checkpoint.find(workdir).name)
        done = run_directory.measured(workdir, seen)
        missing = [each for each in metrics if each.name not in done]
        kinds = {each.detector for each in missing} - {None}
        passed = [_FEATURES] if kinds else []
        if "attribute_classifiers" in kinds and _CLASSIFIERS.value:
            passed.append(_CLASSIFIERS)
        if missing:
            jobs[name] = [
                f"--network={workdir}",
                f"--metrics={','.join(each.name for each in missing)}",
                *(f"--{flag.name}={flag.value}" for flag in passed),
            ]
    return jobs


def _compare(variants, problems, unmeasured, *, published, seeds):
    """Writes the table and the picture, and prints the table.

    Args:
        variants: Every `Variant`, by name.
        problems: Why one is not trained, by its name.
        unmeasured: Why one has not all figures, by its name.
        published: The paper's figures, by name.
        seeds: Of the samples.
    """
    from stylegan_tf import pictures
    from stylegan_tf.comparison import runs, table

    output = pathlib.Path(_OUTPUT.value)
    shown = {"seeds": seeds, "truncation_psi": _PSI.value}
    workdirs = {name: each.workdir for name, each in variants.items()}
    compared, samples = runs.collect(workdirs, problems, **shown)
    for run in compared:
        run.published = published.get(run.variant, {})
        run.problem = run.problem or unmeasured.get(run.variant, "")
    first = next(iter(variants.values()))
    about = table.about(first.config, command=tool.command(), **shown)
    output.mkdir(parents=True, exist_ok=True)
    if samples:
        sheet = pictures.sheet([*samples.values()], rows=[*samples])
        images.write_png(output / "samples.png", sheet)
    files.write(output / "table.json", table.to_json(compared, about))
    files.write(output / "table.md", table.markdown(compared, about))
    print(f"\n{table.table(compared)}\n{table.problems(compared)}")
    print(f"The table, the figures and the samples are in {output}")


if __name__ == "__main__":
    tool.run(main)
