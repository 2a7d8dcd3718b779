"""What several tests share: golden arrays, the contract of a layer."""

import inspect
import json
import pathlib

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import config as config_lib

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


def golden(name):
    """Arrays of `tests/golden/<name>.npz` and its meta as a dict."""
    with np.load(GOLDEN / f"{name}.npz", allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    return arrays, json.loads(str(arrays.pop("meta_json", "{}")))


def cases(name):
    """Pairs of meta and arrays of the numbered cases of an op file."""
    arrays, meta = golden(name)
    for case, arguments in meta["cases"].items():
        prefix = f"{case}/"
        yield (
            {"name": case, **arguments},
            {
                key.removeprefix(prefix): value
                for key, value in arrays.items()
                if key.startswith(prefix)
            },
        )


def cases_of(name, op):
    """The `cases` of one operation, as a list."""
    return [pair for pair in cases(name) if pair[0]["op"] == op]


def nhwc(images):
    """`[N, C, H, W]` to `[N, H, W, C]`; fewer dimensions stay as they are."""
    return np.moveaxis(images, 1, -1) if images.ndim == 4 else images


def hwio(kernel):
    """`[O, I, K, K]` to `[K, K, I, O]`."""
    return np.transpose(kernel, (2, 3, 1, 0))


def relative_error(actual, expected):
    """Largest absolute error over largest absolute expected value."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        raise ValueError(f"shapes {actual.shape} and {expected.shape}")
    error = np.max(np.abs(actual - expected), initial=0.0)
    largest = np.max(np.abs(expected), initial=0.0)
    return float(error / largest) if largest > 0 else float(error)


def value_and_gradients(function, inputs, dy):
    """`function(*inputs)`, and the gradients of its sum weighted by `dy`."""
    inputs = [tf.constant(array) for array in inputs]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = function(*inputs)
    return y, tape.gradient(y, inputs, dy)


def normal(*shape, seed=0):
    """float32 unit normal numbers."""
    numbers = np.random.RandomState(seed).standard_normal(shape)
    return numbers.astype(np.float32)


def set_weights(layer, *arrays):
    """Gives a built layer these weights, nested lists of numbers."""
    layer.set_weights([np.asarray(array, np.float32) for array in arrays])


def small_config(generator=None, discriminator=None, **fields):
    """A resolved config of small networks, 16x16 unless told otherwise."""
    width = {"channel_base": 256, "channel_max": 16}
    latents = {"z_size": 12, "w_size": 12, "mapping_layers": 2}
    return config_lib.resolve(
        config_lib.Config(
            generator=config_lib.GeneratorConfig(
                **{**width, **latents, **(generator or {})}
            ),
            discriminator=config_lib.DiscriminatorConfig(
                **{**width, **(discriminator or {})}
            ),
            **{"resolution": 16, **fields},
        )
    )


def two_replicas():
    """A MirroredStrategy of two CPUs.

    Not by collectives, whose keys several strategies of one process share.
    """
    return tf.distribute.MirroredStrategy(
        ["/cpu:0", "/cpu:1"],
        cross_device_ops=tf.distribute.ReductionToOneDevice(),
    )


def numbers(train_state):
    """Arrays of all variables of a `TrainState`."""
    parts = train_state.parts().values()
    held = [getattr(part, "variables", [part]) for part in parts]
    return [np.array(variable) for part in held for variable in part]


def shake(network, seed=0):
    """Moves biases, noise strengths and w_avg away from their first zeros."""
    random = np.random.RandomState(seed)
    for weight in network.weights:
        if len(weight.shape) < 2:
            change = 0.3 * random.standard_normal(tuple(weight.shape))
            weight.assign(weight + change.astype(np.float32))
    return network


def assert_layer_contract(test, layer, *inputs, weight_names):
    """What every layer promises: config, shapes, names, types, gradients.

    Args:
        test: The running `tf.test.TestCase`.
        layer: A layer that has not been built yet.
        inputs: float32 arrays, the layer's positional arguments.
        weight_names: Paths of its weights inside the layer, in order.
    """
    inputs = [tf.constant(array) for array in inputs]
    layer(*inputs)
    names = [weight.path.split("/", 1)[1] for weight in layer.weights]
    test.assertEqual(names, list(weight_names))
    shake(layer)
    outputs = layer(*inputs)
    _assert_config_round_trip(test, layer, inputs, outputs)
    _assert_symbolic_shape(test, layer, inputs, outputs)
    for policy in ("mixed_float16", "mixed_bfloat16"):
        _assert_policy(test, layer, policy, inputs, outputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(tf.square(layer(*inputs)))
    variables = [weight.value for weight in layer.trainable_weights]
    for gradient in tape.gradient(total, [*inputs, *variables]):
        test.assertIsNotNone(gradient)


def _copy(layer, inputs, **changes):
    config = {**layer.get_config(), **changes}
    copy = type(layer).from_config(json.loads(json.dumps(config)))
    copy(*inputs)
    copy.set_weights(layer.get_weights())
    return copy


def _assert_config_round_trip(test, layer, inputs, outputs):
    arguments = inspect.signature(type(layer).__init__).parameters
    for name in [*arguments][1:-1]:  # without self and **kwargs
        test.assertIn(name, layer.get_config())
        test.assertEqual(layer.get_config()[name], getattr(layer, name))
    copy = _copy(layer, inputs)
    test.assertEqual(copy.get_config(), layer.get_config())
    test.assertAllEqual(copy(*inputs), outputs)
    saved = keras.saving.serialize_keras_object(layer)
    loaded = keras.saving.deserialize_keras_object(saved)
    test.assertEqual(loaded.get_config(), layer.get_config())


def _assert_symbolic_shape(test, layer, inputs, outputs):
    shapes = [(None, *tensor.shape[1:]) for tensor in inputs]
    symbolic = layer(*(keras.KerasTensor(shape) for shape in shapes))
    test.assertEqual(symbolic.shape, (None, *outputs.shape[1:]))
    traced = tf.function(
        lambda *tensors: layer(*tensors),
        input_signature=[tf.TensorSpec(shape) for shape in shapes],
    )
    test.assertAllClose(traced(*inputs), outputs, rtol=1e-5, atol=1e-5)


def _assert_policy(test, layer, policy, inputs, outputs):
    config = {"module": "keras", "class_name": "DTypePolicy"}
    config["config"] = {"name": policy}
    copy = _copy(layer, inputs, dtype=config)
    features = tf.cast(inputs[0], copy.compute_dtype)
    low = copy(features, *inputs[1:])
    test.assertEqual(low.dtype, copy.compute_dtype)
    for weight in copy.weights:
        test.assertEqual(weight.dtype, "float32")
    error = relative_error(tf.cast(low, "float32"), outputs)
    test.assertLess(error, 0.05)
