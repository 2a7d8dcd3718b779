"""Files of weights as arrays by name."""

import pathlib

import numpy as np

from stylegan_tf.features import frozen_graph

_GRAPHS = (".pb", ".tgz", ".tar.gz")


def read_arrays(path):
    """Arrays by name of a frozen graph (.pb, .tgz) or an .npz."""
    path = pathlib.Path(path)
    if path.name.endswith(_GRAPHS):
        return frozen_graph.read(path)
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    raise ValueError(
        f"{path} is of no known kind. Expected a file that ends in "
        f"{', '.join(_GRAPHS)} or .npz."
    )
