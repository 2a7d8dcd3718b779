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
_SEEDS = flags.DEFINE_string(
    "seeds", "0-7", "Seeds of the sample pictures, such as 1,2,5-8."
)
_PSI = flags.DEFINE_float(
    "truncation_psi", 1.0, "Truncation of the sample pictures; 1 for none."
)
_METRICS = flags.DEFINE_string(
    "metrics",
    "",
    "What to measure of every variant; names as in tools.evaluate.",
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
    path, _, variant = (_CONFIG.value or "").partition(":")
    if variant:
        raise ValueError("--config: name variants in --variants=a,b,c instead")
    file = configs.module(path)
    tool.require(variants=_VARIANTS.value, output=_OUTPUT.value)
    seeds = values.seeds(_SEEDS.value)
    outputs.folder("output", _OUTPUT.value)
    if not _METRICS.value:
        tool.refuse_given("is for --metrics", _FEATURES, _CLASSIFIERS)
    names = chosen(path, getattr(file, "VARIANTS", ()), _VARIANTS.value)
    variants = {name: _variant(path, name) for name in names}
    _refuse(variants)
    jobs = {name: each.arguments for name, each in variants.items()}
    if _DRY_RUN.value:
        for arguments in jobs.values():
            print(commands.line("train", *arguments))
        return 0
    problems, is_stopped = children.run_all("train", jobs)
    unmeasured = {}
    if _METRICS.value and not is_stopped:
        trained = {k: v for k, v in variants.items() if k not in problems}
        jobs = _missing_metrics(trained)
        failed, is_stopped = children.run_all("evaluate", jobs)
        unmeasured = {name: f"measuring {why}" for name, why in failed.items()}
    published = getattr(file, "PUBLISHED", {})
    _compare(variants, problems, unmeasured, published=published, seeds=seeds)
    if is_stopped:
        print(f"Stopped. To go on:\n  {tool.command()}")
    return 1 if problems or unmeasured else 0


def chosen(path, known, text):
    """The names in `text`, such as `a,b`, of variants of the file at `path`.

    Raises:
        ValueError: If one is not in `known`, or that is empty.
    """
    if not known:
        raise ValueError(f"--config: {path} has no VARIANTS to compare")
    known = list(map(str, known))
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise ValueError(
                f"--variants: {path} has no variant `{name}`."
                f"{suggest.closest(name, known)} It has: {', '.join(known)}"
            )
    return list(dict.fromkeys(names))


def _variant(path, name):
    text, workdir = f"{path}:{name}", pathlib.Path(_OUTPUT.value) / name
    own, fields = configs.load(text), {}
    if _SMALL.value:
        small = configs.changed(own, {})
        recipes.small(small)
        rows = differences.all_differences(own, small)
        fields = {field: value for field, _, value in rows}
    fields |= configs.typed()
    overrides = [f"--config.{field}={value}" for field, value in fields.items()]
    try:
        config = config_lib.resolve(configs.changed(own, fields))
    except ValueError as error:
        raise ValueError(f"variant {name}: {error}") from error
    arguments = [f"--config={text}", *overrides, f"--workdir={workdir}"]
    return Variant(config, workdir, arguments)


def _refuse(variants):
    """Refuses what would end a variant, or its measuring, hours later."""
    tf = quiet.import_tensorflow()
    from stylegan_tf.evaluation import names
    from stylegan_tf.features import detectors
    from stylegan_tf.training import beforehand

    replicas = max(len(tf.config.list_physical_devices("GPU")), 1)
    for name, variant in variants.items():
        try:
            beforehand.refuse(variant.config, replicas, variant.workdir)
        except (ValueError, OSError) as error:
            raise ValueError(f"variant {name}: {error}") from error
    if _METRICS.value:
        kinds = [each.detector for each in names.parse_all(_METRICS.value)]
        found = detectors.Detectors(_FEATURES.value, _CLASSIFIERS.value)
        found.refuse_missing(kinds)


def _missing_metrics(variants):
    """Arguments of tools.evaluate for every variant that lacks some, by name.

    What metrics.jsonl has of the newest snapshot is not measured again.
    """
    from stylegan_tf import checkpoint, run_directory
    from stylegan_tf.evaluation import names

    jobs = {}
    for name, (_, workdir, _) in variants.items():
        seen = int(checkpoint.find(workdir).name)
        done = run_directory.measured(workdir, seen)
        asked = names.parse_all(_METRICS.value)
        missing = [each for each in asked if each.name not in done]
        kinds = {each.detector for each in missing} - {None}
        arguments = [f"--network={workdir}"]
        arguments.append(f"--metrics={','.join(each.name for each in missing)}")
        if kinds:
            arguments.append(f"--features={_FEATURES.value}")
        if "attribute_classifiers" in kinds and _CLASSIFIERS.value:
            arguments.append(f"--classifiers={_CLASSIFIERS.value}")
        if missing:
            jobs[name] = arguments
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

    output, psi = pathlib.Path(_OUTPUT.value), _PSI.value
    workdirs = {name: each.workdir for name, each in variants.items()}
    compared, samples = runs.collect(
        workdirs, problems, seeds=seeds, truncation_psi=psi
    )
    for run in compared:
        run.published = published.get(run.variant, {})
        run.problem = run.problem or unmeasured.get(run.variant, "")
    first = next(iter(variants.values()))
    about = table.about(
        first.config, command=tool.command(), seeds=seeds, truncation_psi=psi
    )
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
