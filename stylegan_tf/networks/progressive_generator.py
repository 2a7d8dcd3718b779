"""The generators that grow: ProGAN, StyleGAN, and StyleGAN2's configs B-D."""

import keras

from stylegan_tf import config as config_lib
from stylegan_tf.networks import (
    generator,
    growth,
    progressive_blocks,
)
from stylegan_tf.ops import scaling


class ProgressiveSynthesis(keras.layers.Layer):
    """Images from styles, at any stage.

    All stages' weights exist from the start; a stage runs only its own.

    Call arguments:
        ws: `[N, L, D]`.
        noise: "const", "none" or a list of `[N, H, W, 1]`, one for each of
            `noise_shapes`, or for those of the stage.
        resolution: The stage (its longer side); None is the largest.
        alpha: How far the stage has faded in, scalar in `[0, 1]`.
        The result is `[N, H, W, C]` at `resolution`, float32.
    """

    def __init__(self, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.config = config
        self.noise_shapes = config.noise_shapes
        block = progressive_blocks.StyleBlock
        if config.generator.architecture == "revised":
            block = progressive_blocks.RevisedBlock
        self.blocks = [
            block(level, config=config, name=f"b{size}")
            for level, size in enumerate(config_lib.resolutions(config))
        ]

    def build(self, ws_shape=None):
        shape, settings = None, self.config.generator
        for level, block in enumerate(self.blocks):
            block.build(shape, (None, settings.w_size))
            sides = (side << level for side in self.config.base_shape)
            shape = (None, *sides, block.filters)

    def call(self, ws, noise="const", resolution=None, alpha=1.0):
        level = growth.level(self.config, resolution)
        noise = self._checked(noise, level)
        *below, block = self.blocks[: level + 1]
        x = None
        for each in below:
            x = each(x, ws, noises=noise)
        if not below or growth.is_grown(alpha):
            return block.rgb(block(x, ws, noises=noise), ws)
        low = scaling.upscale2d(below[-1].rgb(x, ws))
        return growth.fade(
            low, block.rgb(block(x, ws, noises=noise), ws), alpha
        )

    def _checked(self, noise, level):
        if isinstance(noise, str):
            if noise not in ("const", "none"):
                raise ValueError(
                    '`noise` must be "const", "none" or a list of tensors. '
                    f"Received: noise={noise!r}"
                )
            return noise
        if not self.noise_shapes and not len(noise):
            return "none"
        if not self.noise_shapes:
            raise ValueError(
                "This generator has no noise inputs: leave `noise` out."
            )
        extra = 2 * (self.config.doublings - level)
        counts = (len(self.noise_shapes), len(self.noise_shapes) - extra)
        if len(noise) not in counts:
            raise ValueError(
                f"`noise` must hold {counts[1]} tensors, one for each of "
                f"{self.noise_shapes[: counts[1]]}. Received: {len(noise)}"
            )
        return noise


@keras.saving.register_keras_serializable("stylegan_tf")
class ProgressiveGenerator(generator.Generator):
    """Images from latents, at any stage.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
    Call arguments:
        z: Latents, `[N, z_size]`.
        labels: `[N, label_size]`, or None if there are none.
        truncation_psi: As in `Generator`; ProGAN has only 1.
        truncation_cutoff: As in `Generator`.
        noise: As in `ProgressiveSynthesis`.
        resolution: The stage; None is the largest. A Python number: every
            stage is a trace of its own.
        alpha: How far the stage has faded in, scalar in `[0, 1]`.
        The result is `[N, H, W, C]` at `resolution`, float32.
    References: https://arxiv.org/abs/1710.10196, section 2 and table 2;
        https://arxiv.org/abs/1812.04948, section 2;
        https://arxiv.org/abs/1912.04958, table 1, configs B-D
    """

    def make_mapping(self, **options):
        settings = self.config.generator
        if settings.architecture != "revised":
            options["weight_gain"] = growth.WEIGHT_GAIN
            options["use_wscale"] = settings.use_wscale
        options["track_mean"] = settings.architecture != "progan"
        return super().make_mapping(**options)

    def make_synthesis(self):
        return ProgressiveSynthesis(self.config, name="synthesis")

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
        return self.synthesize(
            ws, noise=noise, resolution=resolution, alpha=alpha
        )

    def truncate(self, ws, *, truncation_psi=1.0, truncation_cutoff=None):
        if self.mapping.track_mean:
            return super().truncate(
                ws,
                truncation_psi=truncation_psi,
                truncation_cutoff=truncation_cutoff,
            )
        is_neutral = isinstance(truncation_psi, (int, float))
        if not is_neutral or truncation_psi != 1 or truncation_cutoff:
            raise ValueError(
                "ProGAN has no mean w to truncate towards: leave "
                "`truncation_psi` at 1 and `truncation_cutoff` out. Received: "
                f"truncation_psi={truncation_psi}, "
                f"truncation_cutoff={truncation_cutoff}"
            )
        return ws

    def synthesize(self, ws, noise="const", resolution=None, alpha=1.0):
        """Images `[N, H, W, C]` of styles `[N, num_ws, w_size]`."""
        return self.synthesis(
            ws, noise=noise, resolution=resolution, alpha=alpha
        )
