"""A folder that any static host serves: a page that runs the network itself.

index.html, *.js, *.css  the page, as it is in page/ here
model/mapping.onnx       z, label -> ws, not truncated
model/synthesis.onnx     ws, noise_strength -> images
model/model.json         what the page needs to know; see `card`
runtime/                 onnxruntime-web
"""

import json
import pathlib

import tensorflow as tf

from stylegan_tf import generators, version
from stylegan_tf.export import functions, onnx_file, output
from stylegan_tf.export.web import runtime, weights

_PAGE = pathlib.Path(__file__).with_name("page")
_PARTS = ("mapping", "synthesis")


def write(
    snapshot, path, directions=(), runtime_files=None, *, precision="float32"
):
    """Writes the folder, once its networks equal the averaged generator.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        path: Of the folder.
        directions: `Direction`s of this network, for sliders.
        runtime_files: Of `runtime.read`; by default it reads them.
        precision: "float32", or "float16": the weights are stored in it, and
            half as large; all is computed in float32.

    Returns:
        Dict of the largest difference to the network, by part.

    Raises:
        output.MismatchError: If a network computes something else.
        FileExistsError: If there is something at `path`.
    """
    generator = generators.of_snapshot(snapshot)
    runtime_files = runtime_files or runtime.read()
    with output.whole(path) as temporary:
        model, runtime_folder = temporary / "model", temporary / "runtime"
        for folder in (temporary, model, runtime_folder):
            folder.mkdir()
        for page_file in _PAGE.glob("[!.]*"):
            content = page_file.read_bytes()
            (temporary / page_file.name).write_bytes(content)
        for name, content in runtime_files.items():
            (runtime_folder / name).write_bytes(content)
        about = card(generator, directions, precision)
        text = json.dumps(about, indent=2, allow_nan=False)
        (model / "model.json").write_text(text + "\n")
        return {
            part: _write_part(generator, part, model, precision)
            for part in _PARTS
        }


def card(generator, directions, precision):
    """What the page needs to know of a network, a dict.

    Args:
        generator: A `generators.Bound`.
        directions: As of `write`.
        precision: As of `write`.
    """
    settings = generator.config.generator
    w_avg = generator.w_avg
    return {
        "name": generator.config.name,
        "image_shape": generator.image_shape,
        "z_size": settings.z_size,
        "w_size": settings.w_size,
        "num_ws": generator.config.num_ws,
        "label_size": generator.config.label_size,
        "label_names": generator.config.label_names,
        "can_truncate": generator.can_truncate,
        "w_avg": None if w_avg is None else w_avg.tolist(),
        "has_noise": bool(generator.noise_shapes),
        "layer_resolutions": layer_resolutions(generator),
        "directions": [
            {**each._asdict(), "vector": each.vector.tolist()}
            for each in directions
        ],
        "precision": precision,
        "seeds": "z of a seed is numpy.random.RandomState(seed).randn(1, "
        f"{settings.z_size})",
        "software": {
            "stylegan_tf": version.__version__,
            "tensorflow": tf.__version__,
            "onnxruntime-web": runtime.VERSION,
        },
    }


def layer_resolutions(generator):
    """The longer side of the maps that a style layer feeds, for each layer.

    None for a layer that the stage has not grown to. Two layers are counted
    to a resolution, as the papers do to group them.
    """
    sides = [
        max(generator.config.base_shape) << layer // 2
        for layer in range(generator.config.num_ws)
    ]
    largest = max(generator.image_shape[:2])
    return [side if side <= largest else None for side in sides]


def _write_part(generator, part, folder, precision):
    function = functions.part(generator, part, for_page=True)
    model = onnx_file.convert(function)
    if precision == "float16":
        weights.halve(model)
    path = folder / f"{part}.onnx"
    return onnx_file.save(model, path, path, function, precision)
