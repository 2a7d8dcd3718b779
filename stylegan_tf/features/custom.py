"""A network of the user as a detector: SavedModel, Keras or ONNX."""

import collections.abc
import dataclasses
import pathlib

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import files
from stylegan_tf.features import finding, pixels, running

_KERAS = (".keras", ".h5", ".hdf5")


@dataclasses.dataclass(eq=False)
class Custom:
    """A detector around a callable.

    It takes float32 images `[N, H, W, 3]` in [-1, 1], or uint8 ones, and gives
    features `[N, F]`, or maps of one pixel.
    """

    function: collections.abc.Callable
    name: str  # in results
    sha256: str = ""  # of its file
    side: int | None = None  # height and width it takes; None: any
    is_uint8: bool = False  # whether it takes uint8 images
    batch_size: int = 32  # images at a time

    label = "custom"
    resize = "area"

    def prepare(self, images):
        """The network's input, numpy `[N, side, side, 3]`."""
        x = pixels.to_rgb(images)
        if self.side and tuple(x.shape[1:3]) != (self.side, self.side):
            x = pixels.resize_antialiased(x, self.side)
        if self.is_uint8:
            return np.clip(np.rint(x), 0, 255).astype(np.uint8)
        return np.asarray(x / 255.0 * 2.0 - 1.0, np.float32)

    def features(self, images):
        """Features of images `[N, H, W, C]`, float32 `[N, F]`."""
        return running.in_batches(
            self._features, images, batch_size=self.batch_size
        )

    def _features(self, images):
        found = np.asarray(self.function(self.prepare(images)))
        if (1, 1) in (found.shape[1:3], found.shape[2:]):
            found = found.reshape(len(found), -1)
        if found.ndim != 2 or len(found) != len(images):
            raise ValueError(
                f"The network of {self.name} must give features [N, F]. For "
                f"{len(images)} images it gave {found.shape}"
            )
        return found


def load(path):
    """The `Custom` of a SavedModel's folder, a Keras file or an .onnx."""
    path = pathlib.Path(path)
    refuse_other(path)
    if path.is_dir():
        function, shape, is_uint8 = _open_saved_model(path)
    elif path.suffix in _KERAS:
        function, shape, is_uint8 = _open_keras(path)
    else:
        function, shape, is_uint8 = _open_onnx(path)
    is_rgb = len(shape) == 4 and shape[3] in (3, None)
    if not is_rgb or shape[1] != shape[2]:
        raise ValueError(
            f"{path} must take square RGB images, [N, H, W, 3] or in ONNX "
            f"[N, 3, H, W]. It takes {shape}"
        )
    return Custom(
        function,
        name=path.name,
        sha256=finding.sha256(path),
        side=shape[1],
        is_uint8=is_uint8,
        batch_size=shape[0] or Custom.batch_size,
    )


def refuse_other(path):
    """Raises `ValueError` unless `load` reads what is at `path`, by name."""
    if not is_readable(path):
        raise ValueError(
            f"{path} is no feature network of a kind that is read. Expected "
            "the folder of a SavedModel, or a file that ends in "
            f"{', '.join(_KERAS)} or .onnx."
        )


def is_readable(path):
    """Whether `load` reads what is at `path`, by name."""
    is_file = path.suffix in (*_KERAS, ".onnx") and path.is_file()
    return is_file or (path / "saved_model.pb").is_file()


def _open_saved_model(path):
    """A function of NHWC images, its input's shape, and whether uint8."""
    model = tf.saved_model.load(files.for_tensorflow(path))
    if "serving_default" not in model.signatures:
        raise ValueError(f"{path} has no signature `serving_default`.")
    signature = model.signatures["serving_default"]
    inputs = signature.structured_input_signature[1]
    outputs = signature.structured_outputs
    _refuse_several(path, inputs, outputs)
    ((name, spec),) = inputs.items()
    (output,) = outputs

    def function(images):
        return signature(**{name: tf.constant(images)})[output]

    # The signature outlives its model only if that is kept.
    function.model = model
    return function, spec.shape.as_list(), spec.dtype == tf.uint8


def _open_keras(path):
    model = keras.models.load_model(path, compile=False)
    _refuse_several(path, model.inputs, model.outputs)
    (images,) = model.inputs
    return (
        lambda images: model(images, training=False),
        list(images.shape),
        images.dtype == "uint8",
    )


def _open_onnx(path):
    try:
        import onnxruntime
    except ImportError as error:
        raise ImportError(
            f"{path} needs onnxruntime: pip install 'stylegan_tf[export]'"
        ) from error
    session = onnxruntime.InferenceSession(
        files.for_tensorflow(path),
        providers=onnxruntime.get_available_providers(),
    )
    _refuse_several(path, session.get_inputs(), session.get_outputs())
    (entry,) = session.get_inputs()
    shape = [each if isinstance(each, int) else None for each in entry.shape]
    is_nchw = len(shape) == 4 and shape[1] == 3 and shape[3] != 3
    if is_nchw:
        shape = [shape[0], *shape[2:], shape[1]]

    def function(images):
        if is_nchw:
            images = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        return session.run(None, {entry.name: images})[0]

    return function, shape, entry.type == "tensor(uint8)"


def _refuse_several(path, inputs, outputs):
    if len(inputs) != 1 or len(outputs) != 1:
        raise ValueError(
            f"{path} must take images only and give features only. It has "
            f"{len(inputs)} inputs and {len(outputs)} outputs."
        )
