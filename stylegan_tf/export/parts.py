"""The parts of a generator that ONNX and LiteRT files hold."""

import numpy as np
import tensorflow as tf

PARTS = ("full", "mapping", "synthesis")
PRECISIONS = ("float32", "float16")
# Largest difference to the network, over its largest value.
TOLERANCES = {"float32": 1e-3, "float16": 0.05}
_OUTPUTS = {"full": "images", "mapping": "ws", "synthesis": "images"}


def output_name(part):
    """What the part's result is called."""
    return _OUTPUTS[part]


def function(generator, part, stage=None):
    """A `tf.function` of the part, its inputs named, with any batch.

    full and mapping take `z` `[N, Z]`, `label` `[N, L]` if there are any,
    and `truncation_psi` `[N]` or `[1]` if the network can truncate;
    synthesis takes `ws` `[N, L, D]`. Noise is the stored one.

    Args:
        generator: A built generator, float32.
        part: One of `PARTS`.
        stage: What `Snapshot.stage` says of it.
    """
    settings, stage = generator.config.generator, stage or {}
    if part == "synthesis":
        spec = _spec("ws", generator.num_ws, settings.w_size)
        return tf.function(
            lambda ws: generator.synthesize(ws, **stage),
            input_signature=[spec],
            autograph=False,
        )
    specs = [_spec("z", settings.z_size)]
    if generator.config.label_size:
        specs.append(_spec("label", generator.config.label_size))
    if generator.mapping.track_mean:
        specs.append(_spec("truncation_psi"))

    def compute(*inputs):
        given = dict(zip((s.name for s in specs), inputs, strict=True))
        ws = generator.map(given["z"], given.get("label"))
        if "truncation_psi" in given:
            psi = given["truncation_psi"][:, None, None]
            ws = generator.truncate(ws, truncation_psi=psi)
        return generator.synthesize(ws, **stage) if part == "full" else ws

    return tf.function(compute, input_signature=specs, autograph=False)


def random_inputs(function, rows, seed=0):
    """float32 arrays by name for a `function`: normal, labels one-hot."""
    random = np.random.RandomState(seed)
    inputs = {}
    for spec in function.input_signature:
        shape = (rows, *spec.shape[1:])
        inputs[spec.name] = random.standard_normal(shape).astype(np.float32)
        if spec.name == "label":
            classes = random.randint(0, shape[1], rows)
            inputs["label"] = np.eye(shape[1], dtype=np.float32)[classes]
        elif spec.name == "truncation_psi":
            inputs[spec.name] = np.linspace(0.5, 1, rows, dtype=np.float32)
    return inputs


def _spec(name, *shape):
    return tf.TensorSpec((None, *shape), name=name)
