"""Trains a network, or goes on where the run directory stopped.

python -m tools.train --config=configs/quickstart.py --workdir=runs/faces
    [--config.data.path=DIR --config.training.batch_size=16 ...]
python -m tools.train --init_from=ffhq.pkl --config.data.path=DIR
    --workdir=runs/tuned  # the config is then that of --init_from
"""

import json
import pathlib

from absl import flags

from stylegan_tf import commands, quiet, run_directory
from stylegan_tf.command_line import configs, outputs, tool

_CONFIG = configs.define()
_WORKDIR = flags.DEFINE_string("workdir", None, "The run directory.")
_STRATEGY = flags.DEFINE_enum(
    "strategy",
    "auto",
    ["auto", "none", "mirrored", "multi_worker", "tpu"],
    "How to spread over devices.",
)
_INIT_FROM = flags.DEFINE_string(
    "init_from",
    None,
    "What a new run's networks start from: a run, a snapshot, an imported "
    "network, an official file or a published name.",
)
_DRY_RUN = flags.DEFINE_bool(
    "dry_run", False, "Print the config and the plan, and stop."
)
_REPLICAS = flags.DEFINE_integer(
    "replicas",
    None,
    "With --dry_run: plan for so many devices, whether they are here or not.",
    lower_bound=1,
)
_JSON = flags.DEFINE_bool("json", False, "With --dry_run: one JSON object.")


def main():
    """Trains, or says what training would be."""
    if not (_CONFIG.value or _INIT_FROM.value) and _WORKDIR.value:
        _refuse_run(pathlib.Path(_WORKDIR.value))
    config = configs.chosen(_CONFIG.value, _INIT_FROM.value)
    if _WORKDIR.value:
        outputs.folder("workdir", _WORKDIR.value)
    if not _DRY_RUN.value:
        tool.refuse_given("is for --dry_run", _JSON)
    quiet.import_tensorflow(in_slices=True)
    from stylegan_tf.command_line import report
    from stylegan_tf.training import continuing, devices, settling

    strategy = devices.strategy(_STRATEGY.value)
    replicas = _REPLICAS.value or strategy.num_replicas_in_sync
    config, choices = settling.settle(
        config,
        replicas=replicas,
        workdir=_WORKDIR.value,
        init_from=_INIT_FROM.value,
        typed=configs.typed(),
    )
    continuing.refuse(config, replicas, _WORKDIR.value)
    is_chief = devices.is_chief(strategy)
    if is_chief:
        _note(config)
    actions = _actions(config, _WORKDIR.value or ".", strategy)
    if _DRY_RUN.value:
        _plan(config, replicas, choices)
        return
    if _REPLICAS.value:
        raise ValueError(
            "--replicas plans for devices that may not be here: it needs "
            "--dry_run. Training takes those that are"
        )
    tool.require(workdir=_WORKDIR.value)
    _train(config, strategy, actions, choices)
    if is_chief:
        report.after(config, _WORKDIR.value)


def _note(config):
    """Says what is no mistake, and may not be meant."""
    from stylegan_tf.training import augmenting, devices

    tool.note(devices.slow_precision(config))
    tool.note(augmenting.unused(config, configs.typed()))


def _plan(config, replicas, choices):
    """Prints what the run would be, and why."""
    from stylegan_tf import checkpoint
    from stylegan_tf.command_line import report, starting
    from stylegan_tf.training import freezing
    from stylegan_tf.training.planning import plan

    config, note = starting.with_data(config)
    tool.note(note)
    made = plan.make(config, replicas)
    made["choices"] = [each._asdict() for each in choices]
    lines = []
    if _INIT_FROM.value:
        copied, lines = starting.copied(config, _INIT_FROM.value)
        made["init_from"] = copied
    elif not (_WORKDIR.value and checkpoint.snapshots(_WORKDIR.value)):
        freezing.refuse_untrained(config)
    if _JSON.value:
        print(json.dumps(made, indent=2))
        return
    report.chosen(config, choices)
    print(*lines, sep="\n", end="\n" if lines else "")
    print(plan.to_text(made))


def _train(config, strategy, actions, choices):
    """Trains to the end, or looks whether a run that is done is this one."""
    from stylegan_tf import checkpoint
    from stylegan_tf.command_line import report
    from stylegan_tf.training import continuing, devices, inputs, loop

    workdir, is_chief = _WORKDIR.value, devices.is_chief(strategy)
    newest, _ = checkpoint.newest(workdir)
    done = int(newest.name) if newest else 0
    is_behind = any(action.is_behind(config, done) for action in actions)
    if is_behind or done < config.training.total_kimg * 1000:
        source, config = inputs.open_data(config)
        if is_chief:
            report.before(config, source, workdir, done)
            report.chosen(config, choices, done)
        loop.train(
            config,
            workdir,
            strategy=strategy,
            actions=actions,
            init_from=_INIT_FROM.value,
            source=source,
        )
    elif is_chief:
        tool.note(continuing.check_finished(config, workdir))


def _refuse_run(workdir):
    """Says what a run that is there needs to go on: it knows no file's name."""
    if any((workdir / run_directory.SNAPSHOTS).glob("[0-9]*")):
        new = (f"--init_from={workdir}", f"--workdir={workdir}-2")
        raise ValueError(
            f"--config is needed. {workdir} holds a run: to go on with it, "
            "give the same --config (and the same fields after it) as before. "
            "To start another from its networks: "
            f"{commands.line('train', *new)}"
        )


def _actions(config, workdir, strategy):
    """The metrics that the config asks for."""
    if not config.metrics.names:
        return []
    from stylegan_tf.evaluation import action
    from stylegan_tf.training import devices

    # Of several machines, the first one measures alone.
    local = strategy if devices.is_alone(strategy) else None
    measure = action.Measure(config, workdir, strategy=local)
    measure.refuse_missing()
    return [measure]


if __name__ == "__main__":
    tool.run(main)
