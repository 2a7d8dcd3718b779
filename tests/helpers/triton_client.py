"""What tritonclient gets from a server, over HTTP and gRPC.

python -m tests.helpers.triton_client HTTP GRPC MODEL INPUTS.npz OUTPUTS.npz

A process of its own: its messages and KServe's have the same names, and one
process holds one of them.
"""

import io
import sys

import numpy as np
from PIL import Image
from tritonclient import grpc, http

_TYPES = {"float32": "FP32", "int32": "INT32"}


def asked(library, address, model, arrays, *, binary=None):
    """Dict of the answers of one protocol.

    Args:
        library: `tritonclient.http` or `tritonclient.grpc`.
        address: HOST:PORT.
        model: Its name.
        arrays: By input.
        binary: Of HTTP, whether tensors are bytes or JSON; PNG are bytes.
    """
    client = library.InferenceServerClient(address)
    is_ready = client.is_server_live() and client.is_server_ready()
    if not (is_ready and client.is_model_ready(model)):
        raise ValueError(f"{model} is not ready at {address}")
    options = {} if binary is None else {"binary_data": binary}
    inputs = []
    for name, array in arrays.items():
        given = library.InferInput(name, array.shape, _TYPES[str(array.dtype)])
        given.set_data_from_numpy(array, **options)
        inputs.append(given)
    wanted = library.InferRequestedOutput("images", **options)
    answer = client.infer(model, inputs, outputs=[wanted])
    found = {"images": answer.as_numpy("images")}
    if binary is not False:
        parameters = {"signature_name": "generate_png"}
        answer = client.infer(model, inputs, parameters=parameters)
        pngs = answer.as_numpy("image_bytes")
        found["pngs"] = np.stack(
            [np.asarray(Image.open(io.BytesIO(png))) for png in pngs]
        )
    client.close()
    return found


def main(http_address, grpc_address, model, source, target):
    """Asks in three ways and writes what comes."""
    arrays, found = dict(np.load(source)), {}
    for way, library, address, options in (
        ("http", http, http_address, {"binary": True}),
        ("json", http, http_address, {"binary": False}),
        ("grpc", grpc, grpc_address, {}),
    ):
        answers = asked(library, address, model, arrays, **options)
        found |= {f"{way}_{key}": each for key, each in answers.items()}
    np.savez(target, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
