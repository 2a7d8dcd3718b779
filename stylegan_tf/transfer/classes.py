"""Labels that come, go or change: what the networks start with.

Coming labels change nothing at first, and are learned from there: the
mapping multiplies them by zeros, and the discriminator's projection of every
class is what its one score was. Where labels go, the networks give what they
gave to the mean of all labels. Of other classes, those of the same name are
copied, and new ones start as the mean of those that there were.
"""

import numpy as np

_EMBEDDINGS = ("mapping/embed/kernel", "mapping/label_concat")


def adapted_generator(network, ours, other, theirs):
    """Arrays as they are used, by key; see `colours.adapted`."""
    here, there = network.config, other.config
    if here.generator.z_size != there.generator.z_size or (
        _labels_of_g(here) == _labels_of_g(there) and _are_the_same(here, there)
    ):
        return {}
    if _are_other_classes(ours, theirs):
        return _by_name(ours, theirs, here, there)
    found = {}
    if "mapping/label_concat" in ours:
        embedding = ours["mapping/label_concat"]
        found["mapping/label_concat"] = np.zeros(embedding.shape)
        embedding.variable.assign(np.zeros(embedding.shape, np.float32))
    z = here.generator.z_size
    gain, _ = _first_inputs(network)
    their_gain, their_labels = _first_inputs(other)
    for key in _readers(ours, here):
        weight = theirs.get(key)
        if weight is None or weight.shape[1:] != ours[key].shape[1:]:
            continue
        kernel = weight.used()
        found[key] = ours[key].used()
        found[key][:z] = kernel[:z] * (their_gain / gain)
        if _are_raw(here) and _are_raw(there):
            of_labels = _rows(kernel[z:], here, there)
            found[key][z:] = of_labels * (their_gain / gain)
            continue
        # Zeros twice would never learn: an embedding that is zero has rows
        # here that are not.
        if "mapping/label_concat" not in ours:
            found[key][z:] = 0.0
        bias = key.replace("kernel", "bias")
        if bias in ours and bias in theirs:
            found[bias] = theirs[bias].used() + their_labels @ kernel[z:]
    return found


def adapted_discriminator(network, ours, other, theirs):
    """Arrays as they are used, by key; None for what stays new."""
    here, there = network.config, other.config
    if _labels_of_d(here) == _labels_of_d(there) and _are_the_same(here, there):
        return {}
    out, bias = "+0/out/kernel", "+0/out/bias"
    if theirs[out].shape[0] != ours[out].shape[0]:
        return {}
    made, old = (
        np.concatenate([each[out].used(), each[bias].used()[None]])
        for each in (ours, theirs)
    )
    found, scores = {}, old[:, : other.score_units]
    modes = {each.discriminator.label_mode for each in (here, there)}
    depths = {each.discriminator.mapping_layers for each in (here, there)}
    both = here.label_size > 0 and there.label_size > 0
    if len(depths) == 1 and _are_other_classes(ours, theirs):
        found = _by_name(ours, theirs, here, there)
    elif both and modes == {"select"}:
        scores = _rows(scores.T, here, there).T
    else:
        found = {key: None for key in ours if key.startswith("mapping/")}
        readout = scores @ np.mean(_projections(other), axis=0)
        scores = _spread(readout, made[:, : network.score_units], network)
    made[:, : network.score_units] = scores
    if both and network.classifies and other.classifies:
        logits = _rows(old[:, other.score_units :].T, here, there).T
        made[:, network.score_units :] = logits
    return {**found, out: made[:-1], bias: made[-1]}


def _spread(readout, fresh, network):
    """What gives all labels the score of `readout` `[F]`, `[F, U]`.

    The weight W with W @ p = readout for all projections p, and as it was,
    `fresh`, across them.
    """
    projections = _projections(network)  # [L, U]
    inverse = np.linalg.pinv(projections)
    across = np.eye(len(inverse)) - inverse @ projections
    alike = np.sum(inverse, axis=1)
    return fresh @ across + readout[:, None] * alike


def _are_raw(config):
    """Whether the first layer reads the labels themselves, as ProGAN's."""
    return config.label_size > 0 and config.generator.label_mode == "raw"


def _labels_of_g(config):
    settings = config.generator
    if not config.label_size:
        return 0
    return config.label_size, settings.label_mode, settings.label_width


def _labels_of_d(config):
    settings = config.discriminator
    if not config.label_size:
        return None
    kind = settings.label_mode, settings.label_width, settings.mapping_layers
    return config.label_size, settings.label_logits, *kind


def _are_other_classes(ours, theirs):
    """Whether both have embeddings, which differ in their classes alone."""
    return any(
        key in ours
        and key in theirs
        and ours[key].shape[1:] == theirs[key].shape[1:]
        for key in _EMBEDDINGS
    )


def _by_name(ours, theirs, here, there):
    """The embedding of our classes, made of theirs."""
    (key,) = [key for key in _EMBEDDINGS if key in ours]
    return {key: _rows(theirs[key].used(), here, there)}


def _rows(values, here, there):
    """What each of our classes gets of `values` `[L, ...]` of theirs."""
    if here.label_size == there.label_size and _are_the_same(here, there):
        return values
    rows = [values.mean(axis=0)] * here.label_size
    places = {name: place for place, name in enumerate(there.label_names)}
    for number, name in enumerate(here.label_names):
        if name in places:
            rows[number] = values[places[name]]
    return np.stack(rows)


def _are_the_same(here, there):
    """Whether classes of the same number mean the same, as far as is known."""
    names = here.label_names, there.label_names
    return not all(names) or names[0] == names[1]


def _first_inputs(network):
    """What a mapping's first layer gets: the factor of z, the mean label."""
    mapping, labels = network.mapping, None
    count = max(network.config.label_size, 1)
    if network.config.label_size:
        labels = np.eye(count, dtype=np.float32)
    z = np.ones([count, mapping.z_size], np.float32)
    mean = np.mean(np.asarray(mapping.inputs(z, labels), np.float64), axis=0)
    return mean[0], mean[mapping.z_size :]


def _readers(ours, config):
    """Keys of the kernels that read the normalised latent."""
    if config.generator.mapping_layers:
        return ["mapping/dense0/kernel"]
    endings = ("affine/kernel", "style/kernel", "+0/dense/kernel")
    return [key for key in ours if key.endswith(endings)]


def _projections(network):
    """By what labels weigh the scores of a discriminator, `[L, U]`."""
    count = network.config.label_size
    if not count or network.is_progan:
        return np.ones([1, 1])
    labels = np.eye(count, dtype=np.float32)
    if network.config.discriminator.label_mode == "projection":
        mapping = network.mapping
        labels = np.asarray(mapping(None, labels)) / mapping.w_size**0.5
    return np.float64(labels)
