"""The one way from a trained network to styles, images and gradients.

`open` takes whatever holds a network; `Bound` takes a Keras generator. All
that goes in and comes out is NumPy, float32, a row an image:

- z `[N, Z]`: latents, such as `latents.of_seeds`;
- labels `[N, classes]`: one-hot; None where there are no classes;
- ws `[N, L, D]`: a style for each of L layers;
- noise: "const" (stored with the network), "none", or a list of maps
  `[N, H, W, 1]`, one for each of `noise_shapes`;
- images `[N, H, W, C]`: about `[-1, 1]`, or uint8 where it says so, in the
  size of the stage.

Sums of floats depend on how many rows are computed at once, so everything is
computed in batches padded to one size: what a seed gives does not depend on
what is made beside it.
"""

import functools
import types

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import checkpoint, cores, files, latents, model_card
from stylegan_tf import config as config_lib
from stylegan_tf import images as images_lib
from stylegan_tf.features import running
from stylegan_tf.networks import growth

BATCH_SIZE = 16


def open(source, *, batch_size=BATCH_SIZE):
    """The averaged generator of `source`, a `Bound`.

    Args:
        source: A model of tools.export (its newest version) or one version
            of it, or what `checkpoint.load` takes.
        batch_size: What every batch is padded to, on every replica.
    """
    path = model_card.newest(source)
    if path is None:
        return of_snapshot(checkpoint.load(source), batch_size=batch_size)
    network = _Exported(path)
    return Bound(
        network,
        growth.Stage(**network.card["stage"]),
        path=path,
        images_seen=network.card["images_seen"],
        batch_size=batch_size,
    )


def of_snapshot(snapshot, *, raw=False, batch_size=BATCH_SIZE):
    """A snapshot's averaged generator, or the one of the last step.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        raw: Whether to take the weights of the last step.
        batch_size: As in `open`.
    """
    network = snapshot.generator if raw else snapshot.ema_generator
    if network is None:
        raise ValueError(f"{snapshot.path} holds averaged weights only")
    return Bound(
        network,
        snapshot.stage,
        path=snapshot.path,
        images_seen=snapshot.images_seen,
        batch_size=batch_size,
    )


class Bound:
    """A generator bound to the stage that it has grown to.

    Args:
        network: A built `Generator`, made under the current strategy.
        stage: A `growth.Stage`.
        path: Where it is from.
        images_seen: Where its run was; 0 of imported networks.
        batch_size: What every batch is padded to, on every replica.
    """

    def __init__(
        self,
        network,
        stage=growth.GROWN,
        *,
        path=None,
        images_seen=0,
        batch_size=BATCH_SIZE,
    ):
        self.network, self.stage, self.config = network, stage, network.config
        self.path, self.images_seen = path, images_seen
        self.batch_size = batch_size
        self._map = _of_any_batch(lambda z, labels: network.map(z, labels))
        self._slices = cores.slices(batch_size)
        self._synthesize = _of_any_batch(
            cores.apart(self.at_stage, self._slices)
        )
        self._pull_back = _of_any_batch(
            functools.partial(pull_back, self.at_stage)
        )

    @property
    def can_truncate(self):
        """Whether there is a mean w to truncate towards; ProGAN has none."""
        return self.network.mapping.track_mean

    @property
    def w_avg(self):
        """The mean w, `[D]`; None where there is none."""
        if not self.can_truncate:
            return None
        return keras.ops.convert_to_numpy(self.network.mapping.w_avg)

    @property
    def ws_shape(self):
        """Layers and width of the styles."""
        return self.config.num_ws, self.config.generator.w_size

    @property
    def image_shape(self):
        """Height, width and channels of the stage's images."""
        *sides, channels = self.config.image_shape
        shown = self.stage.resolution or self.config.resolution
        drop = self.config.resolution // shown
        return (*(side // drop for side in sides), channels)

    @property
    def noise_shapes(self):
        """Height and width of the stage's noise maps, from the first."""
        largest = max(self.image_shape[:2])
        return [s for s in self.config.noise_shapes if max(s) <= largest]

    def latents(self, seeds):
        """z of seeds, as `latents.of_seeds`."""
        return latents.of_seeds(seeds, self.config.generator.z_size)

    def labels(self, classes):
        """Labels of class numbers, which start again after the last one."""
        if not self.config.label_size:
            return None
        return latents.one_hot(classes, self.config.label_size)

    def map(self, z, labels=None, truncation_psi=1.0, truncation_cutoff=None):
        """Styles of z, the first `truncation_cutoff` layers truncated.

        Args:
            z: Latents.
            labels: Of conditional generators.
            truncation_psi: See `latents.truncate`; 1 for none.
            truncation_cutoff: None for all layers.

        Raises:
            ValueError: If psi is not 1 and there is no mean w.
        """
        ws = np.concatenate([*self._batches(self._map, z, labels)])
        return self.truncate(ws, truncation_psi, truncation_cutoff)

    def truncate(self, ws, truncation_psi=1.0, truncation_cutoff=None):
        """Styles, the first `truncation_cutoff` layers truncated; as `map`."""
        if np.all(np.equal(truncation_psi, 1.0)):
            return ws
        if not self.can_truncate:
            raise ValueError(
                "This network has no mean w to truncate towards. Received: "
                f"truncation_psi={truncation_psi}"
            )
        return latents.truncate(
            ws, self.w_avg, truncation_psi, truncation_cutoff
        )

    def synthesize(self, ws, noise="const"):
        """Images of styles, float32."""
        return np.concatenate([*self._batches(self._synthesize, ws, noise)])

    def synthesize_afresh(self, ws, random, *, shares_noise=False):
        """Images of styles, float32, with noise drawn for every batch.

        Replicas of the current strategy share the work of a batch.

        Args:
            ws: Styles.
            random: A `RandomState`.
            shares_noise: Whether all images of a batch have the same noise.
        """
        synthesize = self._fresh[shares_noise]
        replicas = running.replicas()

        def make(ws):  # with a seed a replica
            seeds = random.randint(2**30, size=(replicas, 2)).astype(np.int32)
            return synthesize(ws, seeds)

        size = self.batch_size * replicas
        return np.concatenate([*self._batches(make, ws, size=size)])

    def gradients(self, ws, cotangent, noise="const"):
        """Gradients of sum(images * cotangent), to styles and noise.

        Args:
            ws: Styles.
            cotangent: `[N, H, W, C]`; a loss's gradient to the images gives
                that of the loss.
            noise: As of `synthesize`.

        Returns:
            The images, float32, the gradient to `ws`, and those to the maps
            of `noise`, a list.
        """
        batches = [*self._batches(self._pull_back, ws, cotangent, noise)]
        images, to_ws, *to_maps = map(
            np.concatenate, zip(*batches, strict=True)
        )
        return images, to_ws, to_maps

    def images(self, ws, noise="const"):
        """uint8 images of styles."""
        made = self._batches(self._synthesize, ws, noise)
        return np.concatenate([images_lib.to_uint8(each) for each in made])

    def features(self, ws, noise="const"):
        """Feature maps of every block, a list of `[N, H, W, C]`, float32.

        Args:
            ws: Styles.
            noise: As of `synthesize`.

        Raises:
            ValueError: Of a SavedModel, which gives images only.
        """

        def compute(ws, noise):
            maps = self.network.features(ws, noise, self.stage.resolution)
            return [tf.cast(each, tf.float32) for each in maps]

        made = self._batches(_of_any_batch(compute), ws, noise)
        return [np.concatenate(each) for each in zip(*made, strict=True)]

    def at_stage(self, ws, noise):
        """Images of styles and noise, all tensors."""
        return self.network.synthesize(ws, noise, *self.stage)

    def samples(self, seeds, truncation_psi=1.0):
        """uint8 images of seeds, of the classes in turn.

        Without a mean w, as ProGAN is, they are not truncated.
        """
        psi = truncation_psi if self.can_truncate else 1.0
        z, labels = self.latents(seeds), self.labels(range(len(seeds)))
        return self.images(self.map(z, labels, truncation_psi=psi))

    def full_size(self, images):
        """Images of the stage, enlarged to those of the grown network."""
        factor = self.config.image_shape[0] // images.shape[1]
        return images_lib.enlarge(images, factor)

    @functools.cached_property
    def _fresh(self):
        # Compiled where it is called: it forbids TF32, which training may use.
        return {
            shares_noise: running.compiled(
                functools.partial(self._afresh, shares_noise)
            )
            for shares_noise in (False, True)
        }

    def _batches(self, function, *inputs, size=None):
        """Yields arrays that `function` makes of padded rows of `inputs`."""
        size, count = size or self.batch_size, len(inputs[0])
        for start in range(0, count, size):
            rows = slice(start, start + size)
            padded = tf.nest.map_structure(
                lambda array, rows=rows: _padded(array, rows, size), inputs
            )
            yield tf.nest.map_structure(
                lambda made, start=start: np.asarray(made)[: count - start],
                function(*padded),
            )

    def _afresh(self, shares_noise, ws, seed):
        count = tf.shape(ws)[0]
        noise = [
            tf.random.stateless_normal(
                (1 if shares_noise else count, *shape, 1),
                seed[0] + tf.constant([0, layer]),
            )
            for layer, shape in enumerate(self.noise_shapes)
        ]
        if shares_noise:
            noise = [tf.repeat(each, count, axis=0) for each in noise]
        synthesize = cores.apart(self.at_stage, self._slices)
        return synthesize(ws, noise or "none")


def pull_back(synthesize, ws, cotangent, noise):
    """Images, and gradients of sum(images * cotangent) to ws and noise maps.

    Args:
        synthesize: Styles and noise to images, of tensors.
        ws: `[N, L, D]`.
        cotangent: `[N, H, W, C]`.
        noise: "const", "none" or a list of `[N, H, W, 1]`.
    """
    sources = [ws] if isinstance(noise, str) else [ws, *noise]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(sources)
        images = synthesize(ws, noise)
    zero = tf.UnconnectedGradients.ZERO
    found = tape.gradient(
        images, sources, cotangent, unconnected_gradients=zero
    )
    return images, *found


class _Exported:
    """A SavedModel of tools.export, with what `Bound` takes of a network.

    It is at the stage that it was exported at, whatever it is told.
    """

    def __init__(self, path):
        self.card = model_card.read(path)
        self.config = config_lib.from_file(
            model_card.path_in(path), self.card["config"]
        )
        weights = np.load(model_card.path_in(path, model_card.STYLE_WEIGHTS))
        self.mapping = types.SimpleNamespace(
            track_mean=self.card["can_truncate"], w_avg=weights.get("w_avg")
        )
        # As `checkpoint.load`: float32 means float32.
        tf.config.experimental.enable_tensor_float_32_execution(False)
        self._model = tf.saved_model.load(files.for_tensorflow(path))

    def map(self, z, labels):
        inputs = [z] if labels is None else [z, labels]
        return self._model.map(*inputs)["ws"]

    def synthesize(self, ws, noise, *stage):
        inputs = [tf.constant(["const"]), noise]
        if isinstance(noise, str):
            inputs = [tf.constant([noise])]
        return self._model.synthesize(ws, *inputs)["images"]

    def features(self, ws, noise, resolution):
        raise ValueError(
            "A SavedModel gives images and no feature maps: give the run or "
            "the snapshot that it was exported from"
        )


def _of_any_batch(function):
    """A graph of `function`, of tensors, traced for any number of rows.

    So are exports: TensorFlow rewrites graphs of known shapes further, and
    the last bits differ.
    """
    traced = tf.function(function, autograph=False)

    def run(*inputs):
        specs = tf.nest.map_structure(_spec, inputs)
        return traced.get_concrete_function(*specs)(*inputs)

    return run


def _spec(value):
    if not tf.is_tensor(value):
        return value
    return tf.TensorSpec((None, *value.shape[1:]), value.dtype)


def _padded(array, rows, size):
    """A tensor of some rows, the last one repeated until there are `size`."""
    if array is None or isinstance(array, str):
        return array
    array = np.asarray(array, np.float32)[rows]
    padding = [(0, size - len(array))] + [(0, 0)] * (array.ndim - 1)
    return tf.constant(np.pad(array, padding, mode="edge"))
