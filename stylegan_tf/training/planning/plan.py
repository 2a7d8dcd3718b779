"""Says what a run would be, for `--dry_run`: no data, files or training."""

import collections
import itertools
import json
import math

import tensorflow as tf

from stylegan_tf import columns
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build, growth
from stylegan_tf.training import (
    accumulation,
    augmenting,
    devices,
    growing,
    inputs,
    schedule,
    step,
)
from stylegan_tf.training import state as state_lib
from stylegan_tf.training.planning import flops


def make(config, replicas=1, *, watch=lambda config, updates: None):
    """Dict of the resolved config, sizes, FLOPs, memory and steps.

    Args:
        config: A `stylegan_tf.config.Config`.
        replicas: How many share a batch; no such devices are needed.
        watch: Called with the config and the updates of each resolution, of
            one replica's share, once they are traced.
    """
    config = devices.resolve(config)
    if config.data.uses_labels and not config.label_size:
        raise ValueError(
            "A dry run reads no data: say how many labels there are, "
            "--config.label_size=N"
        )
    rows = schedules(config, replicas)
    state = state_lib.create(config)
    for row in rows:
        row |= _costs(state, row["first_image"], replicas, watch)
    total = math.ceil(config.training.total_kimg * 1000)
    ends = [each["first_image"] for each in rows[1:]] + [total]
    last = rows[-1]
    generator = build.count_parameters(state.generator)
    discriminator = build.count_parameters(state.discriminator)
    return {
        "config": config_lib.to_dict(config),
        "generator_parameters": generator,
        "discriminator_parameters": discriminator,
        "phase_flops": last["phase_flops"],
        "train_flops_per_image": last["train_flops_per_image"],
        "memory_gib": {
            "weights_and_optimizers": 4
            * (4 * generator + 3 * discriminator)
            / 2**30,
            "activations": max(each["activations_gib"] for each in rows),
        },
        "replicas": replicas,
        "precision": config.training.precision,
        "averaging": averaging(config),
        "augmentation": augmenting.describe(config),
        "images_per_replica": last["images_per_replica"],
        "accumulation_rounds": last["accumulation_rounds"],
        "stages": rows,
        "steps": growing.iterations(config, total, replicas)[0],
        "total_flops": sum(
            each["train_flops_per_image"] * (end - each["first_image"])
            for each, end in zip(rows, ends, strict=True)
        ),
    }


def schedules(config, replicas=1):
    """A dict a resolution: its start, its batch and rates; nothing is built.

    A run without growing has one.
    """
    total = math.ceil(config.training.total_kimg * 1000)
    rampup = int(config.growing.rampup_kimg * 1000)
    found = []
    for resolution, first_image in growing.starts(config).items():
        if first_image >= total:
            break
        at = growing.config_at(config, first_image, replicas)
        rounds = accumulation.rounds(at, replicas)
        rates = growing.learning_rates(
            config, max(first_image, rampup), replicas
        )
        found.append(
            {
                "resolution": resolution,
                "first_image": first_image,
                "batch_size": at.training.batch_size,
                "images_per_replica": at.training.batch_size
                // (replicas * rounds),
                "accumulation_rounds": rounds,
                "generator_lr": rates[0],
                "discriminator_lr": rates[1],
            }
        )
    return found


def _costs(state, first_image, replicas, watch):
    """What one resolution costs, from the trace of one replica's share."""
    config = growing.config_at(state.config, first_image, replicas)
    batch = config.training.batch_size
    config.training.batch_size //= replicas
    updates = step.traced(state, tf.distribute.get_strategy(), config=config)
    fades = growing.fades(state.config, config.resolution)
    traced = trace(config, updates, runs(config), fades=fades)
    phase_flops = {
        name: flops.of_graph(function.graph) * replicas
        for name, function in traced.items()
    }
    watch(config, updates)
    return {
        "phase_flops": phase_flops,
        "train_flops_per_image": per_iteration(config, phase_flops) / batch,
        "activations_gib": max(map(_activation_bytes, traced.values()))
        / (accumulation.rounds(config, 1) * 2**30),
    }


def trace(config, updates, of, *, fades=False):
    """Concrete functions of updates by name.

    Args:
        config: That of the resolution.
        updates: Made by `step.traced` for one replica.
        of: Which of them, such as all that the config `runs`.
        fades: Whether the resolution fades in, alpha being a tensor.
    """
    size = config.training.batch_size
    labels = tf.TensorSpec((size, config.label_size))
    images = tf.TensorSpec((size, *config.image_shape), tf.uint8)
    batch = inputs.Batch(images, labels, inputs.FakeLabels(*[labels] * 3))
    stage = grown(config)
    if fades:
        stage = stage._replace(alpha=tf.TensorSpec((), tf.float32))
    where = tf.TensorSpec((), tf.int64), stage
    return {
        name_of(each): updates[each].get_concrete_function(batch, *where)
        for each in of
    }


def grown(config):
    """The `networks.growth.Stage` of the config's resolution, not fading."""
    return growth.Stage(config.resolution if config.is_progressive else None)


def name_of(update):
    """What figures call it: `generator`, `regularise_generator`."""
    return update.__name__.removeprefix("update_")


def per_iteration(config, values):
    """Mean over a full lazy schedule of a value per update."""
    return sum(values[name_of(each)] * n for each, n in runs(config).items())


def losses_per_iteration(config):
    """How often an iteration computes each loss, the mean over the lazy ones.

    Dict by name, of what is computed at all.
    """
    loss, found = config.loss, {"generator": 1.0, "discriminator": 1.0}
    if schedule.runs_path_length(config, 0):
        found["path_length"] = 1 / loss.g_reg_interval_steps
    if schedule.runs_penalty(config, 0):
        found["penalty"] = 1 / loss.d_reg_interval_steps
    return found


def averaging(config):
    """How the averaged generator follows, in words."""
    training = config.training
    if training.ema_step_decay:
        return f"{training.ema_step_decay:g} a step"
    rampup = ""
    if training.ema_rampup:
        rampup = f", at most {training.ema_rampup:g} of the images seen"
    return f"half-life {training.ema_half_life_kimg:g} kimg{rampup}"


def runs(config):
    """How often each update runs in an iteration, the mean of the lazy ones.

    Dict by update, of those that run at all.
    """
    loss = config.loss
    cycle = range(loss.g_reg_interval_steps * loss.d_reg_interval_steps)
    counts = collections.Counter(
        update
        for made in cycle
        for update in itertools.chain(*step.of_iteration(config, made))
    )
    return {update: count / len(cycle) for update, count in counts.items()}


def _activation_bytes(concrete_function):
    """What the largest phase's convolutions make: a rough upper bound."""
    graphs, seen = [concrete_function.graph], set()
    for graph in graphs:  # which grows meanwhile
        functions = graph._functions.values()
        new = {f.name: f.graph for f in functions if f.name not in seen}
        graphs += new.values()
        seen |= new.keys()
    outputs = [
        operation.outputs[0]
        for graph in graphs
        for operation in graph.get_operations()
        if operation.type in ("Conv2D", "Conv2DBackpropInput", "LeakyRelu")
    ]
    return sum(
        each.shape.num_elements() * each.dtype.size
        for each in outputs
        if each.shape.is_fully_defined()
    )


def to_text(plan):
    """A page for people: the sizes and stages, then the resolved config."""
    memory = plan["memory_gib"]
    rows = [
        ("generator parameters", f"{plan['generator_parameters']:,}"),
        ("discriminator parameters", f"{plan['discriminator_parameters']:,}"),
        *(
            (f"GFLOPs of {name.replace('_', ' ')}", f"{value / 1e9:,.1f}")
            for name, value in plan["phase_flops"].items()
        ),
        ("GFLOPs an image", f"{plan['train_flops_per_image'] / 1e9:,.2f}"),
        ("PFLOPs of the run", f"{plan['total_flops'] / 1e15:,.2f}"),
        (
            "GiB of weights, averages, Adam",
            f"{memory['weights_and_optimizers']:.2f}",
        ),
        ("GiB of activations, at most", f"{memory['activations']:.2f}"),
        ("replicas", str(plan["replicas"])),
        ("precision", plan["precision"]),
        ("averaged generator", plan["averaging"]),
        ("augmentation", plan["augmentation"]),
        (
            "images a replica at once",
            f"{plan['images_per_replica']} in {plan['accumulation_rounds']} "
            "round(s)",
        ),
        ("steps", f"{plan['steps']:,}"),
        *(
            (
                f"from {row['first_image'] / 1000:,.0f} kimg",
                f"{row['resolution']} px, {row['batch_size']} images a "
                f"step, {row['images_per_replica']} at once on a replica, "
                f"rate {row['generator_lr']:g}, "
                f"{row['train_flops_per_image'] / 1e9:,.2f} GFLOPs an image",
            )
            for row in plan["stages"]
        ),
    ]
    return f"{columns.aligned(rows)}\n\n{json.dumps(plan['config'], indent=2)}"
