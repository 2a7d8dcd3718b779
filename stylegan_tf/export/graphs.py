"""What the functions of an exported generator compute."""

import tensorflow as tf

_ALL_LAYERS = -1  # as `truncation_cutoff`
_NOISES = ("const", "none")


class Graphs:
    """Python functions to trace; each method returns one, with defaults.

    Args:
        generator: A built generator, float32.
        stage: What `Snapshot.stage` says of it.
    """

    def __init__(self, generator, stage):
        self.generator, self.stage = generator, stage
        shape = generator.config.image_shape
        size = stage.get("resolution") or generator.config.resolution
        drop = generator.config.resolution // size
        self.image_shape = (shape[0] // drop, shape[1] // drop, shape[2])
        self._consts = [
            weight
            for weight in generator.weights
            if weight.path.endswith("noise/const")
            and max(weight.shape) <= max(self.image_shape[:2])
        ]
        self._psi = tf.constant([1.0])
        self._cutoff = tf.constant([_ALL_LAYERS])
        self._noise = tf.constant([_NOISES[0]])
        self._maps = [  # no rows: the stored noise
            tf.zeros((0, *const.shape, 1)) for const in self._consts
        ]

    @property
    def noise_shapes(self):
        """Height and width of every noise input, from the first."""
        return [tuple(const.shape) for const in self._consts]

    def map(self):
        """Styles `ws` `[N, L, D]` of `z` (and a label), truncated."""

        def compute(z, label, psi, cutoff):
            return {"ws": self._map(z, label, psi, cutoff)}

        return self._with_label(compute)

    def synthesize(self):
        """`images` `[N, H, W, C]`, float, of `ws`.

        `noise` is "const" or "none"; `noise_0`, ... replace stored noise.
        """

        def compute(ws, noise=self._noise, noise_maps=self._maps):
            return {"images": self._images(ws, noise, self._given(noise_maps))}

        return compute

    def gradients(self):
        """Of sum(images * cotangent) to `ws` and every noise map.

        Projection needs no more: the loss's own gradient at the images is
        the cotangent, `[N, H, W, C]`.
        """

        def compute(ws, cotangent, noise=self._noise, noise_maps=self._maps):
            maps = self._given(noise_maps)
            with tf.GradientTape() as tape:
                tape.watch([ws, *maps])
                images = self._images(ws, noise, maps)
            sources = [ws, *maps]
            found = tape.gradient(images, sources, cotangent)
            found = [
                tf.zeros_like(source) if gradient is None else gradient
                for source, gradient in zip(sources, found, strict=True)
            ]
            named = {f"noise_{i}": each for i, each in enumerate(found[1:])}
            return {"images": images, "ws": found[0], **named}

        return compute

    def generate(self):
        """`images`, uint8 `[N, H, W, C]`, of `z` (and a label)."""

        def compute(z, label, psi, cutoff):
            ws = self._map(z, label, psi, cutoff)
            return {"images": to_uint8(self._images(ws))}

        return self._with_label(compute)

    def generate_png(self):
        """`image_bytes`, PNG `[N]`, of `z` (and a label)."""

        def compute(z, label, psi, cutoff):
            ws = self._map(z, label, psi, cutoff)
            pixels = to_uint8(self._images(ws))
            return {
                "image_bytes": tf.map_fn(
                    tf.io.encode_png, pixels, fn_output_signature=tf.string
                )
            }

        return self._with_label(compute)

    def mix(self):
        """`images`, uint8, of styles from two latents.

        Layers from `first_layer` up to, without, `last_layer` take theirs
        from `z_mix`, the others from `z`.
        """

        def compute(z, z_mix, label, first_layer, last_layer, psi):
            ws, others = (
                self._map(each, label, psi, self._cutoff) for each in (z, z_mix)
            )
            layer = tf.range(self.generator.num_ws)[None, :, None]
            is_mixed = layer >= first_layer[:, None, None]
            is_mixed &= layer < last_layer[:, None, None]
            mixed = tf.where(is_mixed, others, ws)
            return {"images": to_uint8(self._images(mixed))}

        start, end = tf.constant([0]), tf.constant([self.generator.num_ws])
        if self.generator.config.label_size:

            def with_label(z, z_mix, label, a=start, b=end, psi=self._psi):
                return compute(z, z_mix, label, a, b, psi)

            return with_label

        def without_label(z, z_mix, a=start, b=end, psi=self._psi):
            return compute(z, z_mix, None, a, b, psi)

        return without_label

    def _with_label(self, compute):
        """`compute(z, label, psi, cutoff)`, a label where there are any."""
        if self.generator.config.label_size:

            def with_label(z, label, psi=self._psi, cutoff=self._cutoff):
                return compute(z, label, psi, cutoff)

            return with_label

        def without_label(z, psi=self._psi, cutoff=self._cutoff):
            return compute(z, None, psi, cutoff)

        return without_label

    def _map(self, z, label, psi, cutoff):
        generator = self.generator
        ws = generator.map(z, label)
        if not generator.mapping.track_mean:  # ProGAN
            neutral = tf.debugging.assert_equal(
                psi, 1.0, "This network has no mean to truncate towards"
            )
            with tf.control_dependencies([neutral]):
                return tf.identity(ws)
        cutoff = tf.where(cutoff < 0, generator.num_ws, cutoff)
        psi = psi[:, None, None]
        truncated = generator.truncate(
            ws, truncation_psi=psi, truncation_cutoff=cutoff[:, None, None]
        )
        return tf.where(psi == 1.0, ws, truncated)  # not a bit changed by 1

    def _given(self, noise_maps):
        """Noise maps, the stored one where a given one has no rows."""
        return [
            tf.cond(
                tf.shape(given)[0] == 0,
                lambda const=const: tf.convert_to_tensor(const)[
                    None, ..., None
                ],
                lambda given=given: given,
            )
            for given, const in zip(noise_maps, self._consts, strict=True)
        ]

    def _images(self, ws, noise=None, noise_maps=None):
        """Float images at the stage, with stored noise unless told."""
        chosen = "const"
        if noise is not None and self._consts:
            known = tf.reduce_any(noise[:, None] == tf.constant(_NOISES), 1)
            check = tf.debugging.Assert(
                tf.reduce_all(known),
                ['noise must be "const" or "none":', noise],
            )
            with tf.control_dependencies([check]):
                strength = tf.cast(noise == _NOISES[0], tf.float32)
            strength = strength[:, None, None, None]
            chosen = [strength * each for each in noise_maps]
        return self.generator.synthesize(ws, noise=chosen, **self.stage)


def to_uint8(images):
    """As `stylegan_tf.images.to_uint8`, in the graph."""
    scaled = tf.clip_by_value(images * 127.5 + 128.0, 0.0, 255.0)
    return tf.cast(scaled, tf.uint8)
