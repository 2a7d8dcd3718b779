"""The mapping network, from z (and a label) to the intermediate latent w."""

import keras
from keras import ops

from stylegan_tf.layers import equalized, pixel_norm


@keras.saving.register_keras_serializable("stylegan_tf")
class Mapping(keras.layers.Layer):
    """A multilayer perceptron of any depth, with a running mean of w.

    Args:
        z_size: Width of z; 0 maps labels alone (in the discriminator).
        label_size: Classes; 0 for no labels.
        w_size: Width of w.
        layers: Depth; 0 leaves the normalised input as it is.
        width: Width of the hidden layers.
        label_width: Width of the label embedding in mode "embed".
        label_mode: "embed" normalises z and a dense embedding of the label
            apart (StyleGAN2-ADA); "concat" appends an embedding of z's width
            without scale or bias and normalises both as one (StyleGAN 1, 2);
            "raw" appends the label itself (ProGAN).
        lr_multiplier: How much slower the layers learn.
        activation: Of every layer, the last one included.
        track_mean: Whether there is a running mean `w_avg`.
        normalize_inputs: Whether z and the label are normalised.
        weight_gain: As in `EqualizedDense`, likewise `use_wscale`.
    Call arguments:
        z: `[N, z_size]`, or None if z_size is 0.
        labels: `[N, label_size]`, or None if label_size is 0.
        The result is `[N, w_size]`.
    References: https://arxiv.org/abs/1812.04948, section 2;
        https://arxiv.org/abs/2006.06676, appendix D
    """

    def __init__(
        self,
        *,
        z_size=512,
        label_size=0,
        w_size=512,
        layers=8,
        width=512,
        label_width=512,
        label_mode="embed",
        lr_multiplier=0.01,
        activation="lrelu",
        track_mean=True,
        normalize_inputs=True,
        weight_gain=None,
        use_wscale=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.z_size = z_size
        self.label_size = label_size
        self.w_size = w_size
        self.label_width = label_width
        self.label_mode = label_mode
        self.track_mean = track_mean
        self.normalize_inputs = normalize_inputs
        self.normalize = pixel_norm.PixelNorm(name="normalize")
        self.dense = [
            equalized.EqualizedDense(
                width if depth < layers - 1 else w_size,
                activation=activation,
                lr_multiplier=lr_multiplier,
                weight_gain=weight_gain,
                use_wscale=use_wscale,
                name=f"dense{depth}",
            )
            for depth in range(layers)
        ]
        if label_size and label_mode == "embed":
            self.embed = equalized.EqualizedDense(label_width, name="embed")

    def build(self, z_shape=None, labels_shape=None):
        size = self.z_size
        if self.label_size and self.label_mode == "embed":
            self.embed.build((None, self.label_size))
            size += self.label_width
        elif self.label_size and self.label_mode == "raw":
            size += self.label_size
        elif self.label_size:
            self.label_concat = self.add_weight(
                name="label_concat",
                shape=(self.label_size, self.z_size),
                initializer=equalized.normal(),
            )
            size += self.z_size
        for layer in self.dense:
            layer.build((None, size))
            size = layer.units
        if size != self.w_size:
            raise ValueError(
                "Without mapping layers w is the normalised input, so that "
                f"`w_size` must be {size}. Received: w_size={self.w_size}"
            )
        if self.track_mean:
            # Replicas write their own batch's mean; "mean" keeps them equal.
            self.w_avg = self.add_weight(
                name="w_avg",
                shape=(self.w_size,),
                initializer="zeros",
                trainable=False,
                aggregation="mean",
            )

    def call(self, z=None, labels=None):
        x = self.inputs(z, labels)
        for layer in self.dense:
            x = layer(x)
        return x

    def inputs(self, z, labels):
        """What the first layer gets: z and the label, normalised."""
        if not self.label_size:
            return self._normalized(z)
        if self.label_mode == "embed":
            embedded = self._normalized(self.embed(labels))
            if not self.z_size:
                return embedded
            return ops.concatenate([self._normalized(z), embedded], axis=-1)
        appended = ops.convert_to_tensor(labels, dtype="float32")
        if self.label_mode == "concat":
            appended = ops.matmul(appended, self.label_concat)
        return self._normalized(ops.concatenate([z, appended], axis=-1))

    def _normalized(self, x):
        return self.normalize(x) if self.normalize_inputs else x
