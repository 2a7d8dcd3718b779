"""Reads Keras's files of our generators: NAME.keras and NAME.weights.h5.

Only the settings and the weights are taken from them: what a .keras file
says of Python classes is not followed.
"""

import json
import pathlib
import tempfile
import zipfile

from stylegan_tf import config as config_lib
from stylegan_tf.interop import imported
from stylegan_tf.networks import build
from stylegan_tf.pickles import refusal

_CLASSES = ("stylegan_tf>Generator", "stylegan_tf>ProgressiveGenerator")
_WEIGHTS = "model.weights.h5"


def read(path):
    """The `Imported` of a .keras or .weights.h5 file.

    The config of a .weights.h5 is the `config.json` beside it.

    Raises:
        ValueError: If the config is missing or is none of a generator of
            ours, or if the weights are those of another network.
    """
    path = pathlib.Path(path)
    if path.suffix == ".keras":
        return _read_keras(path)
    settings = path.with_name("config.json")
    if not settings.is_file():
        raise ValueError(
            "A .weights.h5 holds numbers only: put the `config.json` of its "
            f"run or snapshot beside it, as {settings}."
        )
    values = json.loads(settings.read_text())
    config = config_lib.resolve(config_lib.from_file(settings, values))
    return _imported(config, path)


def _read_keras(path):
    with (
        refusal.explaining(
            "This .keras file is damaged, or holds no generator of stylegan_tf"
        ),
        zipfile.ZipFile(path) as archive,
        tempfile.TemporaryDirectory() as folder,
    ):
        saved = json.loads(archive.read("config.json"))
        if saved["registered_name"] not in _CLASSES:
            raise ValueError(f"It is of the class {saved['class_name']}.")
        values = _plain(saved["config"]["config"])
        config = config_lib.resolve(config_lib.from_dict(values))
        return _imported(config, archive.extract(_WEIGHTS, folder))


def _plain(value):
    """Dictionaries and tuples of what Keras made of them."""
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__tuple__":
        return tuple(value["items"])
    return {name: _plain(each) for name, each in value.items()}


def _imported(config, weights):
    network = build.generator(config, name="ema_generator")
    with refusal.explaining(
        "The weights are damaged or those of another network than the config "
        "describes"
    ):
        network.load_weights(weights)
    built = {"ema_generator": network}
    return imported.Imported("keras", "", config, {}, built=built)
