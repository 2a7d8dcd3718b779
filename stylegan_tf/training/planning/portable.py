"""Writes what a training step computes for machines without TensorFlow.

Each loss with its gradients becomes a file of portable StableHLO, whose
parameters are the random inputs, the images and all weights that it reads;
`MANIFEST` says their shapes, and how often each runs in an iteration.
tools/run_stablehlo.py times them by jax alone.
"""

import json
import pathlib

import tensorflow as tf

from stylegan_tf import files
from stylegan_tf.ops import xla
from stylegan_tf.training import draws, gradients, precisions
from stylegan_tf.training import state as state_lib
from stylegan_tf.training.planning import flops, plan

MANIFEST = "manifest.json"


def write(config, folder):
    """Writes a file a loss, and `MANIFEST`.

    Args:
        config: A resolved `stylegan_tf.config.Config`.
        folder: A directory; made if there is none.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    networks, losses = state_lib.create(config), {}
    for name, runs in plan.losses_per_iteration(config).items():
        function, inputs = _loss(name, config, networks)
        traced = tf.function(function, jit_compile=True, autograph=False)
        with xla.asked():
            concrete = traced.get_concrete_function(*inputs)
        with precisions.products(config.training.precision):
            program = traced.experimental_get_compiler_ir(*inputs)(
                stage="stablehlo_serialized"
            )
        files.write(folder / f"{name}.stablehlo", program)
        losses[name] = {
            "file": f"{name}.stablehlo",
            "runs_per_iteration": runs,
            "flops": flops.of_graph(concrete.graph),
            "parameters": [
                {"shape": each.shape.as_list(), "dtype": each.dtype.name}
                for each in (*inputs, *_weights(concrete, networks))
            ],
        }
    made = {
        "name": config.name,
        "resolution": config.resolution,
        "batch_size": config.training.batch_size,
        "precision": config.training.precision,
        "losses": losses,
    }
    files.write(folder / MANIFEST, json.dumps(made, indent=1) + "\n")


def _weights(concrete, networks):
    """What the function reads and was not given, in the program's order."""
    variables = [networks.pl_mean]
    for network in (networks.generator, networks.discriminator):
        variables += [each.value for each in network.variables]
    by_handle = {each.handle._id: each for each in variables}
    return [by_handle[each._id] for each in concrete.captured_inputs]


def _loss(name, config, networks):
    """A function of tensors, and the tensors."""
    start, batch = tf.constant(0, tf.int64), config.training.batch_size
    labels = tf.one_hot(tf.zeros(batch, tf.int32), max(config.label_size, 1))[
        :, : config.label_size
    ]
    purpose = draws.Purpose.GENERATOR
    if name == "path_length":
        labels = labels[: max(batch // config.loss.pl_batch_shrink, 1)]
    drawn = draws.generator_inputs(config, labels, purpose, start)
    images = draws.image_noise(config, len(labels), purpose, start)
    mixing = None
    if config.loss.wgan_gp_weight:
        mixing = draws.mixing_factors(config, len(labels), purpose, start)
    given = drawn, images, mixing

    def compute(*flat):
        drawn, images, mixing = tf.nest.pack_sequence_as(
            given, _filled(given, flat)
        )
        if name == "generator":
            opponents = images, drawn.labels
            return gradients.generator_loss(
                networks, config, drawn, opponents=opponents
            )
        if name == "path_length":
            return gradients.path_length_penalty(
                *(networks, config),
                lambda *args: gradients.path_lengths(networks, *args),
                *(drawn, images),
            )
        fakes, _ = gradients.make_fakes(networks, drawn)
        judged = images, drawn.labels, fakes, drawn.labels
        if name == "discriminator":
            return gradients.discriminator_loss(networks, config, *judged)
        return gradients.discriminator_penalty(
            networks, config, *judged, mixing
        )

    return compute, [x for x in tf.nest.flatten(given) if tf.is_tensor(x)]


def _filled(given, flat):
    """The leaves of `given`, with `flat` in the places of its tensors."""
    flat = iter(flat)
    return [
        next(flat) if tf.is_tensor(each) else each
        for each in tf.nest.flatten(given)
    ]
