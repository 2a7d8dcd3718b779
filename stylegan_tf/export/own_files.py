"""Files that `stylegan_tf.load` reads back: Keras's, and named arrays."""

import pathlib
import tempfile
import zipfile

from stylegan_tf import checkpoint, files, generators, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.export import functions, output
from stylegan_tf.interop.dialects import npz_files
from stylegan_tf.networks import build


def write(snapshot, path):
    """Writes NAME.keras, NAME.weights.h5 or NAME.npz.

    The first two hold the averaged generator; a .weights.h5 needs the
    `config.json` that is written beside it. A .npz holds all networks as
    arrays under their official names, see `dialects.npz_files`.

    Args, result and errors are those of `onnx_file.write`.
    """
    generator, is_weights = snapshot.ema_generator, path.suffix == ".h5"
    settings = path.with_name(run_directory.CONFIG)
    text = config_lib.to_json(snapshot.config)
    if is_weights and settings.exists() and settings.read_text() != text:
        raise FileExistsError(
            f"{settings} belongs to another network; {path.name} needs its "
            "own beside it. Give an --output in another folder."
        )
    with output.whole(path) as temporary:
        if is_weights:
            temporary.write_bytes(_weights(generator))
            loaded = build.generator(snapshot.config)
            loaded.load_weights(temporary)
        else:
            if path.suffix == ".keras":
                generator.save(temporary)
            else:
                npz_files.write(snapshot, temporary)
            loaded = checkpoint.load(temporary).ema_generator
        function, other = (
            functions.part(generators.Bound(network, snapshot.stage), "full")
            for network in (generator, loaded)
        )
        difference = output.difference(
            path, lambda inputs: other(*inputs.values())["images"], function
        )
        if is_weights:
            files.write(settings, text)
    return difference


def _weights(generator):
    """The bytes of a .weights.h5, taken out of a .keras.

    Keras builds that one in memory; to write a .weights.h5 itself it leaves
    to HDF5, which ends the process by a segmentation fault on a full disk.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "generator.keras"
        generator.save(path)
        with zipfile.ZipFile(path) as archive:
            return archive.read("model.weights.h5")
