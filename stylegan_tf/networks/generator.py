"""The generator of every paper: mapping, truncation, synthesis.

arXiv 1812.04948, figure 1b. ProGAN is the one whose mapping is the identity.
"""

import keras
from keras import ops

from stylegan_tf.networks import mapping, network, stylegan, stylegan2


@keras.saving.register_keras_serializable("stylegan_tf")
class Generator(network.Network):
    """Images from latents.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
        precision: As in `network.Network`.
    Call arguments:
        z: Latents, `[N, z_size]`.
        labels: `[N, label_size]`, or None if there are none.
        truncation_psi: Pulls w towards its mean; 1 leaves it, 0 is the mean.
            ProGAN has only 1.
        truncation_cutoff: Layers to truncate, from the first; None for all.
        noise: "const", "none" or a list of `[N, H, W, 1]`, one for each of
            `config.noise_shapes`, or for those of the stage.
        resolution: Of a network that grows, see `growth.Stage`; likewise
            `alpha`. A Python number: every stage is a trace of its own.
        The result is `[N, H, W, C]`, float32, about `[-1, 1]`.
    References: https://arxiv.org/abs/1812.04948, section 2 and appendix B;
        https://arxiv.org/abs/1710.10196; https://arxiv.org/abs/1912.04958
    """

    def __init__(self, config, precision="float32", **kwargs):
        super().__init__(config, precision, **kwargs)
        self.num_ws = self.config.num_ws
        self.mapping = _mapping(self.config)
        self.synthesis = _synthesis(self.config, precision)

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
        w = self.mapping(z, self.checked(labels))
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
        is_number = isinstance(truncation_psi, (int, float))
        is_neutral = is_number and truncation_psi == 1
        can_truncate = self.mapping.track_mean
        if not can_truncate and (truncation_cutoff or not is_neutral):
            raise ValueError(
                "ProGAN has no mean w to truncate towards: leave "
                "`truncation_psi` at 1 and `truncation_cutoff` out. Received: "
                f"truncation_psi={truncation_psi}, "
                f"truncation_cutoff={truncation_cutoff}"
            )
        if is_neutral:
            return ws
        w_avg = ops.convert_to_tensor(self.mapping.w_avg)
        truncated = w_avg + (ws - w_avg) * truncation_psi
        if truncation_cutoff is None:
            return truncated
        layer = ops.arange(self.num_ws)[None, :, None]
        return ops.where(layer < truncation_cutoff, truncated, ws)

    def synthesize(self, ws, noise="const", resolution=None, alpha=1.0):
        """Images `[N, H, W, C]` of styles `[N, num_ws, w_size]`."""
        return self.synthesis(
            ws, noise=noise, resolution=resolution, alpha=alpha
        )

    def features(self, ws, noise="const", resolution=None):
        """Yields feature maps `[N, H, W, C]` of every block of a stage."""
        return self.synthesis.features(ws, noise, resolution)

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
        return [image for _, image in self.synthesis.outputs(ws, noise)]


# Older .keras files name another class for generators that grow.
_OLD_NAME = "stylegan_tf>ProgressiveGenerator"
keras.saving.get_custom_objects()[_OLD_NAME] = Generator


def _mapping(config):
    settings, options = config.generator, {}
    if settings.architecture in ("progan", "stylegan"):
        options["weight_gain"] = stylegan.WEIGHT_GAIN
        options["use_wscale"] = settings.use_wscale
    return mapping.Mapping(
        z_size=settings.z_size,
        label_size=config.label_size,
        w_size=settings.w_size,
        layers=settings.mapping_layers,
        width=settings.mapping_width,
        label_width=settings.label_width,
        label_mode=settings.label_mode,
        lr_multiplier=settings.mapping_lr_multiplier,
        activation=settings.activation,
        normalize_inputs=settings.normalize_latents,
        track_mean=settings.architecture != "progan",
        name="mapping",
        **options,
    )


def _synthesis(config, precision):
    if not config.is_progressive:
        return stylegan2.Synthesis(config, precision, name="synthesis")
    is_revised = config.generator.architecture == "revised"
    return stylegan.ProgressiveSynthesis(
        config,
        precision,
        block=stylegan2.RevisedBlock if is_revised else stylegan.StyleBlock,
        name="synthesis",
    )
