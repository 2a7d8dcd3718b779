"""Settles what a config's rules leave open, by data, devices and run.

A run keeps what it began with: its networks must not change because images
were added or a device is gone.
"""

import dataclasses

from stylegan_tf import checkpoint, rules, snapshot_files
from stylegan_tf import config as config_lib
from stylegan_tf.data import shapes, sources
from stylegan_tf.interop import fine_tuning
from stylegan_tf.rules import Choice

# Fields of networks that are a run's own, whatever it starts from.
_OF_THE_RUN = ("conv_clamp", "minibatch_group_size")


def settle(config, *, replicas=1, workdir=None, init_from=None, typed=None):
    """The config with nothing left open, and every `rules.Choice` for it.

    Args:
        config: A `stylegan_tf.config.Config`; without rules it stays, but
            for what starts otherwise from networks.
        replicas: How many devices share a batch.
        workdir: The run directory; a run in it keeps what it began with.
        init_from: What the networks of a new run start from, whose sizes
            they then have.
        typed: Values by field that stand whatever the rules say; by default
            what differs from a plain `Config`.

    Raises:
        ValueError: If the data do not tell the size of images, or tell one
            that no network has.
    """
    config = _in_precision_of_run(config, workdir)
    if config.rules == "none":
        if init_from is None:
            return config, []
        return fine_tuning.begin(config, typed or {})
    typed = rules.typed(config) if typed is None else typed
    path, begun = _begun(config, workdir)
    if begun is not None:
        fields = *rules.FIELDS, *_losses_of(begun)
        made = _taken(config, begun, f"as it began: {path}", fields)
        made = [rules.choose(*each, typed) for each in made]
        return rules.settled(config, made), made
    theirs = init_from and checkpoint.starting_config(init_from)
    of_data, images = _of_data(config, typed)
    chosen = rules.choices(
        config.rules,
        resolution=of_data[0].value,
        replicas=replicas,
        images=images,
        channel_max=(theirs or config).generator.channel_max,
        is_pretrained=init_from is not None,
        given=typed,
    )
    if init_from is not None:
        reason = f"as of {init_from}"
        taken = _taken(config, theirs, reason, _losses_of(theirs))
        names = {each.field for each in taken}
        chosen = [each for each in chosen if each.field not in names]
        chosen += [rules.choose(*each, typed) for each in taken]
    made = of_data + chosen
    return rules.settled(config, made), made


def _begun(config, workdir):
    """Path and config of the newest snapshot of this run, or None and None."""
    for path in reversed(checkpoint.snapshots(workdir) if workdir else []):
        try:
            theirs = snapshot_files.read_config(path)
        except snapshot_files.DamagedError:
            continue  # training sets it aside and takes the one before
        if theirs.name == config.name:
            return path, theirs
        break  # another run, which is refused
    return None, None


def _in_precision_of_run(config, workdir):
    """The config, with what `auto` meant to the run when it began."""
    if config.training.precision != "auto":
        return config
    _, begun = _begun(config, workdir)
    if begun is None:
        return config
    training = dataclasses.replace(
        config.training, precision=begun.training.precision
    )
    return dataclasses.replace(config, training=training)


def _losses_of(config):
    """Fields of losses that networks do not learn without."""
    settings = config.discriminator
    tells_labels = settings.label_logits or settings.label_mode == "classify"
    return ("loss.acgan_weight",) if tells_labels else ()


def _taken(config, theirs, reason, fields=()):
    """Choices of fields as another config has them.

    Args:
        config: Ours.
        theirs: The other.
        reason: Of all.
        fields: To take in any case; those of networks are taken where they
            differ.
    """
    ours, theirs = map(config_lib.flatten, (config, theirs))
    of_networks = [
        field
        for field in ours
        if field.startswith(rules.NETWORKS)
        and not field.endswith(_OF_THE_RUN)
        and ours[field] != theirs[field]
    ]
    names = dict.fromkeys([*fields, *of_networks])
    return [Choice(name, theirs[name], reason) for name in names]


def _of_data(config, typed):
    """Choices of the images' size; how many there are, None if unknown."""
    fields = rules.FIELDS[:3]
    try:
        source = sources.open_source(
            config.data.path, resolution=typed.get("resolution")
        )
    except FileNotFoundError as error:
        if "resolution" not in typed:
            raise ValueError(
                f"{error} The networks' size follows from the images: name "
                "them by --config.data.path, or their size by "
                "--config.resolution, such as 64."
            ) from error
        sizes = config.resolution, config.base_shape, config.image_channels
        reason, images = "there are no data to read", None
    else:
        height, width, channels = source.image_shape
        sizes = max(height, width), _base_shape(source, typed), channels
        reason = f"of {source.file(0)}"
        images = len(source) - round(config.data.holdout * len(source))
    made = [
        rules.choose(field, size, reason, typed)
        for field, size in zip(fields, sizes, strict=True)
    ]
    return made, images


def _base_shape(source, typed):
    """That of the images, unless it is typed."""
    height, width, channels = source.image_shape
    try:
        return typed.get("base_shape") or shapes.base_shape(height, width)
    except ValueError as error:
        side = shapes.default_resolution(height, width)
        wanted = side, side, channels
        raise ValueError(shapes.mismatch(source, 0, wanted)) from error
