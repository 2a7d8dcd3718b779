"""The generator: mapping, truncation, synthesis."""

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.networks import growth, mapping, synthesis


@keras.saving.register_keras_serializable("stylegan_tf")
class Generator(keras.Model):
    """Images from latents.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
    Call arguments:
        z: Latents, `[N, z_size]`.
        labels: `[N, label_size]`, or None if there are none.
        truncation_psi: Pulls w towards its mean; 1 leaves it, 0 is the mean.
        truncation_cutoff: Layers to truncate, from the first; None for all.
        noise: "const", "none" or a list of `[N, H, W, 1]`.
        resolution: None, see `growth.Stage`; likewise `alpha`, 1.
        The result is `[N, H, W, C]`, float32, about `[-1, 1]`.
    References: https://arxiv.org/abs/1812.04948, section 2 and appendix B;
        https://arxiv.org/abs/1912.04958
    """

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self._allow_non_tensor_positional_args = True  # resolution, alpha
        if isinstance(config, dict):
            config = config_lib.from_dict(config)
        self.config = config
        self.num_ws = config.num_ws
        self.mapping = self.make_mapping()
        self.synthesis = self.make_synthesis()

    def make_mapping(self, **options):
        """The mapping network of the config, with other `options`."""
        settings = self.config.generator
        return mapping.Mapping(
            z_size=settings.z_size,
            label_size=self.config.label_size,
            w_size=settings.w_size,
            layers=settings.mapping_layers,
            width=settings.mapping_width,
            label_width=settings.label_width,
            label_mode=settings.label_mode,
            lr_multiplier=settings.mapping_lr_multiplier,
            activation=settings.activation,
            normalize_inputs=settings.normalize_latents,
            name="mapping",
            **options,
        )

    def make_synthesis(self):
        """The synthesis network of the config."""
        return synthesis.Synthesis(self.config, name="synthesis")

    def build(self, input_shape=None):
        self.mapping.build()
        self.synthesis.build()

    def call(
        self,
        z,
        labels=None,
        truncation_psi=1.0,
        truncation_cutoff=None,
        noise="const",
        resolution=None,
        alpha=1.0,
    ):
        ws = self.map(
            z,
            labels,
            truncation_psi=truncation_psi,
            truncation_cutoff=truncation_cutoff,
        )
        return self.synthesize(ws, noise, resolution, alpha)

    def map(
        self, z, labels=None, *, truncation_psi=1.0, truncation_cutoff=None
    ):
        """Styles `[N, num_ws, w_size]` of `z`, truncated."""
        w = self.mapping(z, self._labels(z, labels))
        return self.truncate(
            self.broadcast(w),
            truncation_psi=truncation_psi,
            truncation_cutoff=truncation_cutoff,
        )

    def broadcast(self, w):
        """The same `w` `[N, D]` for every layer, `[N, num_ws, D]`."""
        shape = (ops.shape(w)[0], self.num_ws, w.shape[-1])
        return ops.broadcast_to(w[:, None, :], shape)

    def truncate(self, ws, *, truncation_psi=1.0, truncation_cutoff=None):
        """Pulls the first `truncation_cutoff` layers towards the mean."""
        if isinstance(truncation_psi, (int, float)) and truncation_psi == 1.0:
            return ws
        w_avg = ops.convert_to_tensor(self.mapping.w_avg)
        truncated = w_avg + (ws - w_avg) * truncation_psi
        if truncation_cutoff is None:
            return truncated
        layer = ops.arange(self.num_ws)[None, :, None]
        return ops.where(layer < truncation_cutoff, truncated, ws)

    def synthesize(self, ws, noise="const", resolution=None, alpha=1.0):
        """Images `[N, H, W, C]` of styles `[N, num_ws, w_size]`."""
        growth.refuse_growing(self.config, resolution, alpha)
        return self.synthesis(ws, noise=noise)

    def synthesize_scales(self, ws, noise="const"):
        """Images of every scale, the smallest first; architecture msg only.

        Reference: https://arxiv.org/abs/1903.06048, section 2
        """
        architecture = self.config.generator.architecture
        if architecture != "msg":
            raise ValueError(
                "Only architecture msg makes an image at every scale; use "
                f"`synthesize`. Received: architecture={architecture!r}"
            )
        return [image for _, image in self.synthesis.stages(ws, noise)]

    def _labels(self, z, labels):
        if labels is None and self.config.label_size:
            raise ValueError(
                "This generator is conditional: give `labels`, "
                f"[N, {self.config.label_size}], one-hot."
            )
        return labels if self.config.label_size else None

    def get_config(self):
        return {"config": config_lib.to_dict(self.config), "name": self.name}
