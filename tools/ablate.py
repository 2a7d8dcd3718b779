"""Trains variants of one family side by side, and compares them in a table.

python -m tools.ablate --config=configs/stylegan.py --variants=a,b,c,d,e,f
    --output=runs/ablation [--small --config.FIELD=VALUE ...]
    [--metrics=fid5k_full,ppl5k_wfull,ls20k]
"""

import pathlib
import sys

from absl import flags

from stylegan_tf import commands, files, images, quiet, recipes
from stylegan_tf.command_line import children, outputs, tool, values, variants
from stylegan_tf.config import differences

_CONFIG = tool.define_config()
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


def main():
    """Trains every variant, then writes the table; 1 if one failed."""
    tool.value_of(_CONFIG)
    path, _, variant = flags.FLAGS["config"].config_filename.partition(":")
    if variant:
        raise ValueError("--config: name variants in --variants=a,b,c instead")
    tool.require(variants=_VARIANTS.value, output=_OUTPUT.value)
    seeds = values.seeds(_SEEDS.value)
    outputs.folder("output", _OUTPUT.value)
    if not _METRICS.value:
        tool.refuse_given("is for --metrics", _FEATURES, _CLASSIFIERS)
    names = variants.chosen(path, _VARIANTS.value)
    plans = {name: _plan(path, name) for name in names}
    _refuse(plans)
    if _DRY_RUN.value:
        for arguments, _ in plans.values():
            print(commands.line("train", *arguments))
        return 0
    problems, is_stopped = _train(plans)
    unmeasured = {}
    if _METRICS.value and not is_stopped:
        trained = [name for name in plans if name not in problems]
        unmeasured, is_stopped = _measure(trained)
    published = variants.published(path)
    _compare(plans, problems, unmeasured, published, seeds)
    if is_stopped:
        print(f"Stopped. To go on:\n  {tool.command()}")
    return 1 if problems or unmeasured else 0


def _plan(path, variant):
    """Arguments of `tools.train`, and the config that they come to."""
    overrides = _small(path, variant) if _SMALL.value else []
    overrides += variants.typed_overrides(sys.argv[1:])
    workdir = pathlib.Path(_OUTPUT.value) / variant
    start, end = f"--config={path}:{variant}", f"--workdir={workdir}"
    config = variants.config_of(path, variant, overrides)
    return [start, *overrides, end], config


def _small(path, variant):
    """Overrides that make a variant small; those of the user come after."""
    own, small = (variants.config_of(path, variant, []) for _ in range(2))
    recipes.small(small)
    return [
        f"--config.{field}={value}"
        for field, _, value in differences.all_differences(own, small)
    ]


def _refuse(plans):
    """Refuses what would end a variant, or its measuring, hours later."""
    tf = quiet.import_tensorflow()
    from stylegan_tf.evaluation import names
    from stylegan_tf.features import detectors
    from stylegan_tf.training import beforehand

    replicas = max(len(tf.config.list_physical_devices("GPU")), 1)
    for variant, (_, config) in plans.items():
        try:
            beforehand.refuse(
                config, replicas, pathlib.Path(_OUTPUT.value) / variant
            )
        except (ValueError, OSError) as error:
            raise ValueError(f"variant {variant}: {error}") from error
    if _METRICS.value:
        kinds = [each.detector for each in names.parse_all(_METRICS.value)]
        found = detectors.Detectors(_FEATURES.value, _CLASSIFIERS.value)
        found.refuse_missing(kinds)


def _train(plans):
    """What failed, by variant, and whether training was stopped."""
    problems = {}
    with children.Runner() as run:
        for count, (variant, (arguments, _)) in enumerate(plans.items(), 1):
            line = commands.line("train", *arguments)
            print(f"\n[{count}/{len(plans)}] {line}", flush=True)
            code = run("train", arguments)
            if run.asked:
                break
            if code:
                problems[variant] = children.explained(code)
    return problems, run.asked


def _measure(variants):
    """What failed, by variant, and whether measuring was stopped.

    What metrics.jsonl has of the newest snapshot is not measured again.
    """
    from stylegan_tf.evaluation import names

    asked = [each.name for each in names.parse_all(_METRICS.value)]
    problems = {}
    with children.Runner() as run:
        for variant in variants:
            workdir = pathlib.Path(_OUTPUT.value) / variant
            missing = [name for name in asked if name not in _done(workdir)]
            if not missing:
                continue
            arguments = [
                f"--network={workdir}",
                f"--metrics={','.join(missing)}",
                *_networks_that_look(missing),
            ]
            print(f"\n{variant}: {', '.join(missing)}", flush=True)
            code = run("evaluate", arguments)
            if run.asked:
                break
            if code:
                problems[variant] = f"measuring {children.explained(code)}"
    return problems, run.asked


def _networks_that_look(metrics):
    """Arguments of tools.evaluate that these metrics heed."""
    from stylegan_tf.evaluation import names

    kinds = {each.detector for each in map(names.parse, metrics)} - {None}
    arguments = []
    if kinds:
        arguments.append(f"--features={_FEATURES.value}")
    if "attribute_classifiers" in kinds and _CLASSIFIERS.value:
        arguments.append(f"--classifiers={_CLASSIFIERS.value}")
    return arguments


def _done(workdir):
    quiet.import_tensorflow()
    from stylegan_tf import checkpoint, run_directory

    return run_directory.measured(workdir, int(checkpoint.find(workdir).name))


def _compare(plans, problems, unmeasured, published, seeds):
    """Writes the table and the picture, and prints the table.

    Args:
        plans: Arguments and config by variant.
        problems: Why a variant is not trained, by variant.
        unmeasured: Why it has not all figures.
        published: The paper's figures.
        seeds: Of the samples.
    """
    quiet.import_tensorflow()
    from stylegan_tf import pictures
    from stylegan_tf.comparison import compare, table

    output, psi = pathlib.Path(_OUTPUT.value), _PSI.value
    runs, samples = compare.collect(
        {variant: output / variant for variant in plans},
        problems,
        seeds=seeds,
        truncation_psi=psi,
    )
    for each in runs:
        each.published = published.get(each.variant, {})
        each.problem = each.problem or unmeasured.get(each.variant, "")
    _, config = next(iter(plans.values()))
    about = table.about(
        config,
        command=tool.command(),
        seeds=seeds,
        truncation_psi=psi,
    )
    output.mkdir(parents=True, exist_ok=True)
    if samples:
        drawn, tiles = zip(*samples, strict=True)
        sheet = pictures.sheet(tiles, rows=drawn)
        images.write_png(output / "samples.png", sheet)
    files.write(output / "table.json", table.to_json(runs, about))
    files.write(output / "table.md", table.markdown(runs, about))
    print(f"\n{table.table(runs)}\n{table.problems(runs)}")
    print(f"The table, the figures and the samples are in {output}")


if __name__ == "__main__":
    tool.run(main)
