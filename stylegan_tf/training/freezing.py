"""Freeze-D: the first layers of D keep what they learned elsewhere.

arXiv 2002.10964, in the order of StyleGAN2-ADA: from the image on, with the
1x1 convolution of its colours, the two 3x3 ones and the residual branch of
each resolution; last the convolution and the dense layer at the smallest.
What gives the scores always learns.
"""

import functools


def layers(discriminator):
    """Layers of a discriminator in the order in which they are frozen."""
    parts = sorted(
        (*discriminator.blocks, discriminator.epilogue),
        key=lambda part: int(part.name.removeprefix("b")),
        reverse=True,
    )
    found = []
    for part in parts:
        if part is parts[0] or not discriminator.config.is_progressive:
            found.append(part.from_rgb)  # smaller ones see no image
        if part is discriminator.epilogue:
            found += [part.conv, part.dense]
        else:
            found += [part.conv0, part.conv1, getattr(part, "skip", None)]
    return [layer for layer in found if layer is not None]


def weights(discriminator, count):
    """All weights of the first `count` layers."""
    frozen = layers(discriminator)[:count]
    return [weight for layer in frozen for weight in layer.weights]


def refuse_untrained(config):
    """Refuses to freeze what has learned nothing yet: of a run from scratch.

    Raises:
        ValueError: If layers would be frozen.
    """
    if config.training.freeze_d_layers:
        raise ValueError(
            "`training.freeze_d_layers` keeps what layers learned elsewhere: "
            "give --init_from, or set it to 0"
        )


def describe(discriminator, config):
    """A line on what is frozen; "" of nothing."""
    count, found = config.training.freeze_d_layers, layers(discriminator)
    if not count:
        return ""
    last = found[min(count, len(found)) - 1]
    return (
        f"frozen: the first {count} of {len(found)} layers of D, to {last.path}"
    )


def learns(discriminator, count):
    """`keep` of `gradients`: whether a weight is not in the first layers."""
    if not count:
        return None
    frozen = {id(weight) for weight in weights(discriminator, count)}
    return functools.partial(_is_other, frozen)


def forget(optimizer, discriminator, count):
    """Clears Adam's moments of frozen weights, which would move them on.

    A run may have learned for a while before its layers were frozen.
    """
    paths = {weight.path for weight in weights(discriminator, count)}
    for variable, momentum, velocity in zip(
        optimizer._trainable_variables,
        optimizer._momentums,
        optimizer._velocities,
        strict=True,
    ):
        if variable.path in paths:
            momentum.assign(momentum * 0.0)
            velocity.assign(velocity * 0.0)


def refuse_new(copied, discriminator, config):
    """Raises `ValueError` if a layer is frozen that has learned nothing.

    Args:
        copied: What `checkpoint.initialize` returns.
        discriminator: That of the run.
        config: That of the run.
    """
    count = config.training.freeze_d_layers
    paths = [
        weight.path.split("/", 1)[1] for weight in weights(discriminator, count)
    ]
    kept = []
    if "discriminator" in copied:
        rows = copied["discriminator"].rows
        kept = [row.path for row in rows if row.is_kept]
    if new := [path for path in paths if path not in kept]:
        raise ValueError(
            f"`training.freeze_d_layers` is {count}, but {new[0]} has nothing "
            "of --init_from and would stay random. Leave it at 0, or give "
            "networks with a discriminator of the same resolution and width"
        )


def _is_other(frozen, weight):
    return id(weight) not in frozen
