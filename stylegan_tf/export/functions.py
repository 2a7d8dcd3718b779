"""The functions of an exported generator, of tensors with names.

What takes one value an image (`truncation_psi`, ...) takes `[1]` for all as
well. Inputs with a default may be left out, in TensorFlow Serving too.
"""

import tensorflow as tf

from stylegan_tf import generators, latents

_ALL_LAYERS = -1  # as `truncation_cutoff`
_NOISES = ("const", "none")


def served(generator):
    """Dict of `tf.function`s, each from named tensors to a dict of them.

    They are the methods of `Functions` that take nothing.

    Args:
        generator: A `generators.Bound` of a Keras generator, float32.
    """
    made, settings = Functions(generator), generator.config.generator
    z, label = _spec("z", settings.z_size), made.label
    ws = _spec("ws", generator.config.num_ws, settings.w_size)
    cotangent = _spec("cotangent", *generator.image_shape)
    psi = _spec("truncation_psi")
    truncation = [psi, _spec("truncation_cutoff", dtype=tf.int32)]
    layers = [
        _spec(f"{end}_layer", dtype=tf.int32) for end in ("first", "last")
    ]
    maps = [
        _spec(f"noise_{index}", *shape, 1)
        for index, shape in enumerate(generator.noise_shapes)
    ]
    noise = [_spec("noise", dtype=tf.string), maps]
    specs = {
        made.map: [z, *label, *truncation],
        made.synthesize: [ws, *noise],
        made.gradients: [ws, cotangent, *noise],
        made.generate: [z, *label, *truncation],
        made.generate_png: [z, *label, *truncation],
        made.mix: [z, _spec("z_mix", settings.z_size), *label, *layers, psi],
    }
    return {
        method.__name__: tf.function(
            method(), input_signature=signature, autograph=False
        )
        for method, signature in specs.items()
    }


def part(generator, part, *, for_page=False):
    """A `tf.function` of a part, from named tensors to a dict of one.

    full and mapping take `z` `[N, Z]`, `label` `[N, classes]` if there are
    any, and `truncation_psi` `[N]` or `[1]` if the network can truncate;
    synthesis takes `ws` `[N, L, D]`. Noise is the stored one.

    A page truncates by itself, so there `truncation_psi` is left out; and its
    synthesis takes `noise_strength`, `[N]` or `[1]`, if there is noise: a
    factor on the stored one.

    Args:
        generator: As of `served`.
        part: "full", "mapping" or "synthesis".
        for_page: Whether it is for the static page.
    """
    made, settings = Functions(generator), generator.config.generator
    if part == "synthesis":
        specs = [_spec("ws", generator.config.num_ws, settings.w_size)]
        if for_page and generator.noise_shapes:
            specs.append(_spec("noise_strength"))
    else:
        specs = [_spec("z", settings.z_size), *made.label]
        if generator.can_truncate and not for_page:
            specs.append(_spec("truncation_psi"))

    def compute(*inputs):
        given = dict(zip((s.name for s in specs), inputs, strict=True))
        ws = given.get("ws")
        if ws is None:
            psi = given.get("truncation_psi")
            ws = made.styles(given["z"], given.get("label"), psi)
        if part == "mapping":
            return {"ws": ws}
        return {"images": made.with_noise(ws, given.get("noise_strength"))}

    return tf.function(compute, input_signature=specs, autograph=False)


class Functions:
    """The Python functions to trace; a method without arguments returns one.

    Args:
        generator: As of `served`.
    """

    def __init__(self, generator):
        self._generator, self._network = generator, generator.network
        self._num_ws = generator.config.num_ws
        largest = max(generator.image_shape[:2])
        self._consts = [
            weight
            for weight in self._network.weights
            if weight.path.endswith("noise/const")
            and max(weight.shape) <= largest
        ]
        self._psi, self._cutoff = tf.constant([1.0]), tf.constant([_ALL_LAYERS])
        self._noise = tf.constant([_NOISES[0]])
        self._maps = [  # no rows: the stored noise
            tf.zeros((0, *const.shape, 1)) for const in self._consts
        ]

    @property
    def label(self):
        """The label's spec in a list, empty where there are no classes."""
        size = self._generator.config.label_size
        return [_spec("label", size)] if size else []

    def map(self):
        """Styles `ws` `[N, L, D]` of `z` (and a label), truncated."""
        return self._of_z(lambda ws: {"ws": ws})

    def synthesize(self):
        """`images` `[N, H, W, C]`, float, of `ws`.

        `noise` is "const" or "none"; `noise_0`, ... replace stored noise.
        """

        def compute(ws, noise=self._noise, noise_maps=self._maps):
            return {"images": self.images(ws, noise, self._given(noise_maps))}

        return compute

    def gradients(self):
        """Of sum(images * cotangent) to `ws` and every noise map.

        Projection needs no more: the loss's own gradient at the images is
        the cotangent, `[N, H, W, C]`.
        """

        def compute(ws, cotangent, noise=self._noise, noise_maps=self._maps):
            images, to_ws, *to_maps = generators.pull_back(
                lambda ws, maps: self.images(ws, noise, maps),
                ws,
                cotangent,
                self._given(noise_maps),
            )
            named = {f"noise_{i}": each for i, each in enumerate(to_maps)}
            return {"images": images, "ws": to_ws, **named}

        return compute

    def generate(self):
        """`images`, uint8 `[N, H, W, C]`, of `z` (and a label)."""
        return self._of_z(lambda ws: {"images": self._pixels(ws)})

    def generate_png(self):
        """`image_bytes`, PNG `[N]`, of `z` (and a label)."""
        return self._of_z(
            lambda ws: {
                "image_bytes": tf.map_fn(
                    tf.io.encode_png,
                    self._pixels(ws),
                    fn_output_signature=tf.string,
                )
            }
        )

    def mix(self):
        """`images`, uint8, of styles from two latents.

        Layers from `first_layer` up to, without, `last_layer` take theirs
        from `z_mix`, the others from `z`.
        """

        def compute(z, z_mix, label, first, last, psi):
            ws, others = (self.styles(each, label, psi) for each in (z, z_mix))
            ends = first[:, None, None], last[:, None, None]
            is_mixed = latents.is_within(self._num_ws, *ends)
            return {"images": self._pixels(tf.where(is_mixed, others, ws))}

        start, end = tf.constant([0]), tf.constant([self._num_ws])

        def with_label(z, z_mix, label, a=start, b=end, psi=self._psi):
            return compute(z, z_mix, label, a, b, psi)

        def without_label(z, z_mix, a=start, b=end, psi=self._psi):
            return compute(z, z_mix, None, a, b, psi)

        return with_label if self.label else without_label

    def styles(self, z, label, psi=None, cutoff=None):
        """Styles `[N, L, D]`; without `psi` they are not truncated."""
        ws = self._network.map(z, label)
        if psi is None:
            return ws
        if not self._generator.can_truncate:
            neutral = tf.debugging.assert_equal(
                psi, 1.0, "This network has no mean to truncate towards"
            )
            with tf.control_dependencies([neutral]):
                return tf.identity(ws)
        if cutoff is not None:
            cutoff = tf.where(cutoff < 0, self._num_ws, cutoff)[:, None, None]
        psi = psi[:, None, None]
        truncated = self._network.truncate(
            ws, truncation_psi=psi, truncation_cutoff=cutoff
        )
        return tf.where(psi == 1.0, ws, truncated)  # not a bit changed by 1

    def images(self, ws, noise=None, noise_maps=None):
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
            chosen = _scaled(noise_maps, strength)
        return self._generator.at_stage(ws, chosen)

    def with_noise(self, ws, strength=None):
        """Float images at the stage, stored noise times any `strength`.

        The noise has a row for every image. Of one row, a constant, an
        exporter would store the product with every map's strength, which is
        larger than the network.

        Args:
            ws: `[N, L, D]`.
            strength: `[N]` or `[1]`.
        """
        rows = tf.shape(ws)[0]
        maps = [
            tf.broadcast_to(_as_map(const), (rows, *const.shape, 1))
            for const in self._consts
        ]
        if strength is not None:
            maps = _scaled(maps, strength)
        return self._generator.at_stage(ws, maps or "const")

    def _of_z(self, finish):
        """`finish(ws)` as a function of z, any label, psi and cutoff."""

        def with_label(z, label, psi=self._psi, cutoff=self._cutoff):
            return finish(self.styles(z, label, psi, cutoff))

        def without_label(z, psi=self._psi, cutoff=self._cutoff):
            return finish(self.styles(z, None, psi, cutoff))

        return with_label if self.label else without_label

    def _given(self, noise_maps):
        """Noise maps, the stored one where a given one has no rows."""
        return [
            tf.cond(
                tf.shape(given)[0] == 0,
                lambda const=const: _as_map(const),
                lambda given=given: given,
            )
            for given, const in zip(noise_maps, self._consts, strict=True)
        ]

    def _pixels(self, ws):
        """As `images.to_uint8`, in the graph."""
        scaled = self.images(ws) * 127.5 + 128.0
        return tf.cast(tf.clip_by_value(scaled, 0.0, 255.0), tf.uint8)


def _scaled(maps, strength):
    """Noise maps times `strength`, `[N]` or `[1]`."""
    return [strength[:, None, None, None] * each for each in maps]


def _as_map(const):
    """Stored noise `[H, W]` as `[1, H, W, 1]`."""
    return tf.convert_to_tensor(const)[None, ..., None]


def _spec(name, *shape, dtype=tf.float32):
    return tf.TensorSpec((None, *shape), dtype, name=name)
