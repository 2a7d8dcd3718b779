"""The model card of an exported SavedModel: what its clients need to know.

tools.export writes it as assets/model.json; evaluation and servers read it.
"""

import json
import pathlib

from stylegan_tf import config as config_lib

NAME = "model.json"
STYLE_WEIGHTS = "style_weights.npz"


def describe(generator, signatures, software):
    """The card of a generator, a dict.

    Args:
        generator: A `generators.Bound`.
        signatures: Dict of inputs by signature, and of type and shape in
            words by input.
        software: Dict of versions.
    """
    config, settings = generator.config, generator.config.generator
    fields = config_lib.to_dict(config)
    fields["training"]["precision"] = "float32"  # in which exports compute
    return {
        "name": config.name,
        "architecture": settings.architecture,
        "resolution": config.resolution,
        "image_shape": generator.image_shape,
        "z_size": settings.z_size,
        "w_size": settings.w_size,
        "num_ws": config.num_ws,
        "label_size": config.label_size,
        "noise_shapes": generator.noise_shapes,
        "can_truncate": generator.can_truncate,
        "images_seen": generator.images_seen,
        "stage": generator.stage.as_dict(),
        "seeds": "z of a seed is numpy.random.RandomState(seed).randn(1, "
        f"{settings.z_size})",
        "signatures": signatures,
        "software": software,
        "config": fields,
    }


def path_in(saved_model, name=NAME):
    """Where an asset of a SavedModel is, such as its card."""
    return pathlib.Path(saved_model, "assets", name)


def read(saved_model):
    """The card of a SavedModel, a dict as of `describe`.

    Raises:
        ValueError: If it has none: it is not one of tools.export.
    """
    path = path_in(saved_model)
    if not path.is_file():
        raise ValueError(
            f"{saved_model} is a SavedModel, but not one of tools.export: "
            f"there is no {path}"
        )
    return json.loads(path.read_text())
