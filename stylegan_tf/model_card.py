"""An exported model's versions, and its card: what clients need to know.

A model is a folder of SavedModels called 1, 2, ..., as TensorFlow Serving and
KServe read it. tools.export writes the card of each as assets/model.json;
evaluation and servers read it.
"""

import json
import os
import pathlib

from stylegan_tf import config as config_lib

NAME = "model.json"
STYLE_WEIGHTS = "style_weights.npz"


def versions(path):
    """Paths of a model's SavedModels by number, the oldest first.

    Args:
        path: A model's folder; of one SavedModel it is that alone.
    """
    path = pathlib.Path(path)
    if _is_saved_model(path):
        return {int(path.name) if _is_number(path.name) else 1: path}
    found = [each for each in path.glob("[0-9]*") if _is_number(each.name)]
    numbered = {int(each.name): each for each in filter(_is_saved_model, found)}
    return dict(sorted(numbered.items()))


def newest(path):
    """The path of the last of `versions`, None where there is none."""
    return next(reversed(versions(path).values()), None)


def model_name(path):
    """What servers call the model of a folder, or of one of its versions."""
    path = pathlib.Path(os.path.abspath(path))
    is_version = _is_number(path.name) and _is_saved_model(path)
    return path.parent.name if is_version else path.name


def describe(name, generator, signatures, software):
    """The card of a generator, a dict.

    Args:
        name: The model's, see `model_name`.
        generator: A `generators.Bound`.
        signatures: Dict of inputs by signature, and of type and shape in
            words by input.
        software: Dict of versions.
    """
    config, settings = generator.config, generator.config.generator
    fields = config_lib.to_dict(config)
    fields["training"]["precision"] = "float32"  # in which exports compute
    return {
        "name": name,
        "architecture": settings.architecture,
        "resolution": config.resolution,
        "image_shape": generator.image_shape,
        "z_size": settings.z_size,
        "w_size": settings.w_size,
        "num_ws": config.num_ws,
        "label_size": config.label_size,
        "label_names": config.label_names,
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


def _is_saved_model(path):
    return os.path.isfile(path / "saved_model.pb")  # False if it may not look


def _is_number(name):
    """Whether it is a version's, which protocols hold in 64 bits."""
    is_decimal = name.isascii() and name.isdecimal() and len(name) < 20
    return is_decimal and name == str(int(name)) and int(name) < 2**63
