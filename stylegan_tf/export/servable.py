"""A generator as functions with named inputs and outputs, in TensorFlow.

What takes one value an image (`truncation_psi`, ...) takes `[1]` for all as
well. Inputs with a default may be left out, in TensorFlow Serving too.
"""

import tensorflow as tf

from stylegan_tf.export import graphs


def module(generator, functions):
    """A `tf.Module` that holds `functions` by name, and their weights."""
    made = tf.Module(name="stylegan")
    made.weights = [weight.value for weight in generator.weights]
    for name, function in functions.items():
        setattr(made, name, function)
    return made


def functions(generator, stage=None):
    """Dict of `tf.function`s, each from named tensors to a dict of them.

    `map`, `synthesize`, `gradients`, `generate`, `generate_png` and `mix`;
    see the methods of `graphs.Graphs` for what they compute.

    Args:
        generator: A built generator, float32.
        stage: What `Snapshot.stage` says of it.
    """
    made = graphs.Graphs(generator, stage or {})
    z = _spec("z", None, generator.config.generator.z_size)
    labels = []
    if generator.config.label_size:
        labels = [_spec("label", None, generator.config.label_size)]
    psi = _spec("truncation_psi", None)
    cutoff = _spec("truncation_cutoff", None, dtype=tf.int32)
    noise = [
        _spec("noise", None, dtype=tf.string),
        [
            _spec(f"noise_{index}", None, *shape, 1)
            for index, shape in enumerate(made.noise_shapes)
        ],
    ]
    ws = _spec("ws", None, generator.num_ws, generator.config.generator.w_size)
    cotangent = _spec("cotangent", None, *made.image_shape)
    layers = [
        _spec(f"{end}_layer", None, dtype=tf.int32) for end in ("first", "last")
    ]
    z_mix = _spec("z_mix", *z.shape)
    specs = {
        "map": [z, *labels, psi, cutoff],
        "synthesize": [ws, *noise],
        "gradients": [ws, cotangent, *noise],
        "generate": [z, *labels, psi, cutoff],
        "generate_png": [z, *labels, psi, cutoff],
        "mix": [z, z_mix, *labels, *layers, psi],
    }
    return {
        name: tf.function(
            getattr(made, name)(), input_signature=signature, autograph=False
        )
        for name, signature in specs.items()
    }


def _spec(name, *shape, dtype=tf.float32):
    return tf.TensorSpec(shape, dtype, name=name)
