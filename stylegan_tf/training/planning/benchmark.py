"""Measures how fast the updates are, as a fraction of what the machine can do.

Timing on shared machines is noisy, so the peak is measured between the
phases, in the same run, and the fraction is what can be compared.
"""

import copy
import functools
import time

import numpy as np
import tensorflow as tf

from stylegan_tf import columns, cores, environment, generators
from stylegan_tf.training import (
    devices,
    inputs,
    precisions,
    step,
    summaries,
)
from stylegan_tf.training import state as state_lib
from stylegan_tf.training.planning import ceiling, flops, plan

_PEAK_SIZE = {"CPU": 2048, "GPU": 8192}
_PLAIN = "plain "  # before an update's name: without augmentation
_TOLERATED_LOSS = 0.8  # of a stored fraction


def measure(config, strategy, *, repeats=5, with_ceiling=False):
    """Dict of seconds, rates and fractions of peak.

    Args:
        config: A `stylegan_tf.config.Config`.
        strategy: A `tf.distribute.Strategy`.
        repeats: Rounds; each times every phase and the peak once, the
            medians count.
        with_ceiling: Whether to measure its convolutions by themselves too.
    """
    config = devices.resolve(config)
    with strategy.scope():
        state = state_lib.create(config)
    updates = step.traced(state, strategy, config=config)
    generate, generation_graph = _generation(config, state)
    timed = {**_on_random_data(config, updates), "generate": generate}
    if config.augment.mode != "off":
        timed |= _without_augmentation(config, state, strategy)
    timed["peak"], peak_flops = _peak(config.training.precision)
    with precisions.products(config.training.precision):
        seconds = _median_seconds(timed, repeats)
    traced = plan.trace(config, updates, plan.runs(config))
    graphs = {name: function.graph for name, function in traced.items()}
    phase_flops = {name: flops.of_graph(each) for name, each in graphs.items()}
    generate_flops = flops.of_graph(generation_graph)
    peak = peak_flops / seconds.pop("peak")
    generation = seconds.pop("generate")
    iteration = plan.per_iteration(config, seconds)
    work = plan.per_iteration(config, phase_flops)
    figures = {
        "machine": environment.machine(),
        "precision": config.training.precision,
        "jit_compile": config.training.jit_compile,
        "resolution": config.resolution,
        "batch_size": config.training.batch_size,
        "peak_flops": peak,
        "phases": {
            name: {
                "seconds": seconds[name],
                "flops": phase_flops[name],
                "fraction_of_peak": phase_flops[name] / seconds[name] / peak,
            }
            for name in phase_flops
        },
        "train_images_per_second": config.training.batch_size / iteration,
        "train_fraction_of_peak": work / iteration / peak,
        "generate_images_per_second": generators.BATCH_SIZE / generation,
        "generate_fraction_of_peak": generate_flops / generation / peak,
        **summaries.memory_gib(),
    }
    if with_ceiling:
        runs = plan.runs(config).values()
        training = zip(graphs.values(), runs, strict=True)
        figures["train_ceiling"] = ceiling.fraction(training, peak)
        generating = [(generation_graph, 1)]
        figures["generate_ceiling"] = ceiling.fraction(generating, peak)
    if config.augment.mode != "off":
        figures["augmentation"] = _cost_of_augmentation(config, seconds)
    return figures


def _cost_of_augmentation(config, seconds):
    """What it adds to an iteration, from the seconds of all phases."""
    names = [name for name in seconds if _PLAIN + name in seconds]
    plain = {name: seconds[_PLAIN + name] for name in names}
    with_it = plan.per_iteration(config, seconds)
    without = plan.per_iteration(config, plain)
    return {
        "preset": config.augment.preset,
        "seconds": with_it - without,
        "share_of_a_step": with_it / without - 1,
    }


def reading(config, strategy, seconds=3.0):
    """Images a second that a run's data are read at, with nothing to do.

    Args:
        config: With `data.path`.
        strategy: A `tf.distribute.Strategy`.
        seconds: How long to read.
    """
    source, config = inputs.open_data(config)
    batches = inputs.batches(config, source, strategy, 0)
    inputs.next_batch(batches)  # starts the threads
    start, count = time.perf_counter(), 0
    while time.perf_counter() < start + seconds:
        inputs.next_batch(batches)
        count += 1
    rate = count / (time.perf_counter() - start)
    return rate * config.training.batch_size


def _without_augmentation(config, state, strategy):
    """The same callables, of the same networks, to compare with."""
    config = copy.deepcopy(config)
    config.augment.mode = "off"
    plain = step.traced(state, strategy, config=config)
    updates = _on_random_data(config, plain)
    return {_PLAIN + name: update for name, update in updates.items()}


def random_batch(config):
    """An `inputs.Batch` of noise."""
    random = np.random.RandomState(0)
    shape = (config.training.batch_size, *config.image_shape)
    images = tf.constant(random.randint(0, 256, shape), tf.uint8)
    labels = tf.zeros((config.training.batch_size, config.label_size))
    return inputs.Batch(images, labels, inputs.FakeLabels(*[labels] * 3))


def _on_random_data(config, updates):
    """Callables of the updates that run, by name."""
    # What `plan.trace` asks for, so that nothing is traced twice.
    arguments = (
        random_batch(config),
        tf.constant(0, tf.int64),
        plan.grown(config),
    )
    return {
        plan.name_of(each): functools.partial(updates[each], *arguments)
        for each in plan.runs(config)
    }


def _generation(config, state):
    """Callable that makes one padded batch, and its graph."""
    z = tf.zeros((generators.BATCH_SIZE, config.generator.z_size))
    labels = None
    if config.label_size:
        labels = tf.zeros((generators.BATCH_SIZE, config.label_size))
    network = state.ema_generator
    synthesize = cores.apart(
        network.synthesize, cores.slices(generators.BATCH_SIZE)
    )
    generate = tf.function(
        lambda z, labels: synthesize(network.map(z, labels)), autograph=False
    )
    concrete = generate.get_concrete_function(z, labels)
    return lambda: generate(z, labels), concrete.graph


def peak_flops(precision, repeats=3):
    """FLOP/s of a square matrix product in the precision, the best of some."""
    multiply, work = _peak(precision)
    seconds = []
    with precisions.products(precision):
        for _ in range(repeats + 1):  # the first one traces
            start = time.perf_counter()
            wait(multiply())
            seconds.append(time.perf_counter() - start)
    return work / min(seconds[1:])


def _peak(precision):
    """Callable of one square matrix product in the precision, its FLOPs."""
    gpus = tf.config.list_logical_devices("GPU")
    size = _PEAK_SIZE["GPU" if gpus else "CPU"]
    kind = "float32" if precision == "tf32" else precision
    matrix = tf.cast(tf.random.normal((size, size)), kind)
    multiply = cores.apart(lambda rows: rows @ matrix, cores.slices(size))
    return tf.function(lambda: multiply(matrix)), 2 * size**3


def _median_seconds(functions, repeats):
    """Rounds over all functions, so that noise falls on all alike."""
    times = {name: [] for name in functions}
    for round_number in range(repeats + 2):  # traces, warm-up
        for name, function in functions.items():
            start = time.perf_counter()
            wait(function())
            if round_number >= 2:
                times[name].append(time.perf_counter() - start)
    return {name: float(np.median(values)) for name, values in times.items()}


def wait(result):
    """Reads one number, which no device returns before it is done."""
    for value in tf.nest.flatten(result):
        tf.reduce_sum(tf.cast(value, tf.float32)).numpy()


def compare(figures, stored):
    """A line on the fractions that are stored for this machine, if any are.

    Raises:
        ValueError: If one fell well under what is stored.
    """
    key = f"{figures['machine']}, {figures['precision']}"
    if key not in stored:
        return f"Nothing is stored for {key} to compare with."
    for name, before in stored[key].items():
        if figures[name] < _TOLERATED_LOSS * before:
            raise ValueError(
                f"`{name}` is {figures[name]:.3f}, stored was {before:.3f}"
            )
    return f"As fast as what is stored for {key}."


def to_text(figures):
    """A table for people."""
    rows = [
        (
            name,
            f"{phase['seconds'] * 1000:.1f} ms",
            f"{phase['flops'] / 1e9:.1f} GFLOP",
            f"{phase['fraction_of_peak']:.1%} of peak",
        )
        for name, phase in figures["phases"].items()
    ]
    for name in ("train", "generate"):
        rate = f"{figures[name + '_images_per_second']:.1f} images/s"
        fraction = f"{figures[name + '_fraction_of_peak']:.1%} of peak"
        rows.append((name, rate, "", fraction))
        if f"{name}_ceiling" in figures:
            share = f"{figures[f'{name}_ceiling']:.1%} of peak"
            rows.append((f"{name}, convolutions alone", "", "", share))
    if cost := figures.get("augmentation"):
        share = f"{cost['share_of_a_step']:+.1%} of a step"
        spent = f"{cost['seconds'] * 1000:.1f} ms"
        rows.append((f"augmentation {cost['preset']}", spent, "", share))
    if "read_images_per_second" in figures:
        rate = figures["read_images_per_second"]
        times = rate / figures["train_images_per_second"]
        share = f"{times:,.0f} times training"
        rows.append(("read", f"{rate:,.0f} images/s", "", share))
    for name, amount in figures.items():
        if name.startswith("memory/"):
            of = name.removeprefix("memory/").removesuffix("_gib")
            rows.append((f"peak memory, {of}", f"{amount:.2f} GiB", "", ""))
    return (
        f"{figures['machine']}, {figures['precision']}: peak "
        f"{figures['peak_flops'] / 1e9:,.0f} GFLOP/s\n"
        + columns.aligned(rows, right=(1, 2, 3), indent="  ")
    )
