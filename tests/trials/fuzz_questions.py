"""Good requests of every protocol, and what damage makes of them."""

import base64
import copy
import dataclasses
import json
import math

import numpy as np
from google.protobuf import message
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    predict_pb2,
)

from stylegan_tf import model_card
from stylegan_tf.serving import kserve_sdk
from stylegan_tf.serving.rpc import tensors

_TF = "/tensorflow.serving."
_OPEN = "/inference.GRPCInferenceService/"
_BINARY = "Inference-Header-Content-Length"
_TEXTS = ("", "x" * 3000, "\0", "../../../etc/passwd", "é\u202e", "NaN", "-1")
_NUMBERS = (0, -1, 1, 2**20, 2**31 - 1, -(2**31), 2**53 + 1, 2**63 - 1, 10**40)
_FLOATS = (math.nan, math.inf, -math.inf, 1e308, -0.0, 5e-324, 1e-45)
_HEADERS = (
    ("Content-Type", "text/plain"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Content-Type", "multipart/form-data; boundary=a"),
    ("Content-Type", ";;;=,\t"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", "-5"),
    ("Content-Length", "five"),
    ("Content-Length", "99999999999999"),
    ("Content-Length", "7"),
    ("Transfer-Encoding", "chunked"),
    ("Transfer-Encoding", "gzip, chunked"),
    ("Expect", "200-maybe"),
    ("Host", "a b\\c"),
    ("Accept", "text/html;q=x, */"),
    ("If-None-Match", 'W/"a", "b'),
    ("Range", "bytes=-1--2"),
    ("Authorization", "Basic \x7f"),
    ("Connection", "upgrade"),
    ("Upgrade", "websocket"),
    ("ce-id", "1"),
    ("ce-specversion", "9"),
    ("X-Request-Id", "a" * 9000),
    ("X-Large", "a" * 70_000),
    (_BINARY, "-1"),
    (_BINARY, "1e3"),
    (_BINARY, "999999"),
    ("Bad Name", "a"),
    ("Latin", "\xff\xfe"),
)


@dataclasses.dataclass
class Question:
    """A request: of gRPC if it has a `message`, else of HTTP."""

    path: str
    body: bytes = b""
    method: str = "POST"
    headers: list = dataclasses.field(default_factory=list)
    message: type | None = None
    is_framed: bool = True  # HTTP can tell where it ends


def good(model):
    """Questions that are answered: list of `Question`.

    Args:
        model: Path of the export.
    """
    card, name = model_card.read(model_card.newest(model)), model.name
    z = np.random.RandomState(0).randn(2, card["z_size"]).astype(np.float32)
    noise = base64.b64encode(b"none").decode()
    styles = {
        "ws": np.zeros([1, card["num_ws"], card["w_size"]]).tolist(),
        "noise": [{"b64": noise}],
    }
    return [*_of_http(name, z, styles), *_of_grpc(name, z)]


def damaged(question, draw):
    """A copy, damaged in one to three ways.

    Args:
        question: One of `good`.
        draw: A `random.Random`.
    """
    made = copy.deepcopy(question)
    for _ in range(draw.choice((1, 1, 2, 3))):
        if made.message:
            kinds = (_bytes, _fields, _fields)
        elif made.body:
            kinds = (_bytes, _json, _json, _json, _header, _path)
        else:
            kinds = (_header, _path, _path)
        draw.choice(kinds)(made, draw)
    return made


def _of_http(name, z, styles):
    rows, columns = z.tolist(), {"z": z.tolist(), "truncation_psi": [0.7]}
    predict, infer = f"/v1/models/{name}:predict", f"/v2/models/{name}/infer"
    typed = {"name": "z", "shape": z.shape, "datatype": "FP32"}
    size = {"parameters": {"binary_data_size": z.nbytes}}
    head = json.dumps({"inputs": [{**typed, **size}]}).encode()
    for path in (
        "/image?seed=5&psi=0.7&cutoff=2&noise=none",
        "/",
        "/metrics",
        "/openapi.json",
        f"/v1/models/{name}",
        f"/v1/models/{name}/versions/1",
        f"/v1/models/{name}/metadata",
        "/v2",
        "/v2/health/ready",
        f"/v2/models/{name}",
        f"/v2/models/{name}/versions/1/ready",
    ):
        yield Question(path, method="GET")
    for path, body in (
        (predict, {"instances": rows}),
        (predict, {"instances": [{"z": row} for row in rows]}),
        (predict, {"inputs": columns, "signature_name": "generate_png"}),
        (predict, {"inputs": styles, "signature_name": "synthesize"}),
        (infer, {"inputs": [{**typed, "data": z.ravel().tolist()}]}),
        (
            infer,
            {
                "id": "a",
                "inputs": [{**typed, "data": rows}],
                "outputs": [{"name": "images"}],
                "parameters": {"signature_name": "generate"},
            },
        ),
    ):
        body = json.dumps(body).encode()
        yield Question(path, body, headers=[_json_type()])
    binary = [("Content-Type", "application/octet-stream")]
    binary += [(_BINARY, str(len(head)))]
    yield Question(infer, head + z.tobytes(), headers=binary)


def _json_type():
    return "Content-Type", "application/json"


def _of_grpc(name, z):
    spec = {"model_spec": {"name": name}}
    predict = predict_pb2.PredictRequest(**spec)
    predict.inputs["z"].CopyFrom(tensors.to_proto(z))
    loose = predict_pb2.PredictRequest(**spec)
    loose.inputs["z"].dtype = 1
    for size in z.shape:
        loose.inputs["z"].tensor_shape.dim.add(size=size)
    loose.inputs["z"].float_val.extend(z.ravel())
    loose.model_spec.signature_name = "generate_png"
    loose.output_filter.append("image_bytes")
    yield _rpc(_TF + "PredictionService/Predict", predict)
    yield _rpc(_TF + "PredictionService/Predict", loose)
    for service, request in (
        (
            "PredictionService/GetModelMetadata",
            get_model_metadata_pb2.GetModelMetadataRequest(
                **spec, metadata_field=["signature_def"]
            ),
        ),
        (
            "PredictionService/Classify",
            classification_pb2.ClassificationRequest(**spec),
        ),
        (
            "ModelService/GetModelStatus",
            get_model_status_pb2.GetModelStatusRequest(**spec),
        ),
        (
            "ModelService/HandleReloadConfigRequest",
            model_management_pb2.ReloadConfigRequest(),
        ),
    ):
        yield _rpc(_TF + service, request)
    kinds = kserve_sdk.grpc_predict_v2_pb2
    typed = kinds.ModelInferRequest(model_name=name, id="a")
    given = typed.inputs.add(name="z", datatype="FP32", shape=z.shape)
    raw = copy.deepcopy(typed)
    raw.raw_input_contents.append(z.tobytes())
    raw.outputs.add(name="images")
    given.contents.fp32_contents.extend(z.ravel())
    typed.parameters["signature_name"].string_param = "generate"
    yield _rpc(_OPEN + "ModelInfer", raw)
    yield _rpc(_OPEN + "ModelInfer", typed)
    for method, request in (
        ("ModelMetadata", kinds.ModelMetadataRequest(name=name)),
        ("ModelReady", kinds.ModelReadyRequest(name=name, version="1")),
        ("ServerMetadata", kinds.ServerMetadataRequest()),
        (
            "RepositoryModelLoad",
            kinds.RepositoryModelLoadRequest(model_name=name),
        ),
    ):
        yield _rpc(_OPEN + method, request)


def _rpc(path, request):
    data = request.SerializeToString()
    return Question(path, data, message=type(request))


def _bytes(question, draw):
    """Bytes lost, changed, repeated or put in."""
    body, kind = bytearray(question.body), draw.randrange(6)
    start = draw.randint(0, len(body))
    end = min(len(body), start + draw.choice((1, 4, 100)))
    if kind == 0:
        del body[start:]
    elif kind == 1:
        del body[start:end]
    elif kind == 2:
        body[start:start] = draw.randbytes(draw.choice((1, 8, 300)))
    elif kind == 3:
        body[end:end] = body[start:end] * draw.choice((1, 3))
    elif kind == 4:
        body = bytearray(draw.randbytes(draw.choice((0, 1, 7, 5000))))
    for place in range(start, end if kind == 5 else start):
        body[place] = draw.randrange(256)
    question.body = bytes(body)


def _json(question, draw):
    """A value of the JSON in place of another, or beside it."""
    try:
        tree = {"": json.loads(question.body)}
    except (ValueError, RecursionError):
        _bytes(question, draw)
        return
    parent, key = draw.choice(_places(tree))
    kind = draw.randrange(4)
    if kind == 0 and isinstance(parent[key], dict):
        parent[key][draw.choice(("z", "extra", *_TEXTS))] = _odd(draw)
    elif kind == 1 and isinstance(parent[key], list):
        parent[key] = parent[key] * draw.choice((0, 2, 40))
    elif kind == 2 and parent is not tree and isinstance(parent, dict):
        del parent[key]
    else:
        parent[key] = _odd(draw)
    if kind == 3 and draw.random() < 0.2:
        depth = draw.choice((50, 1500, 100_000))
        question.body = b'{"inputs":' + b"[" * depth + b"]" * depth + b"}"
        return
    question.body = json.dumps(tree[""]).encode(errors="surrogatepass")


def _places(tree, largest=400):
    """Pairs (container, key) of what is in a tree, some of them."""
    found, left = [], [tree]
    while left and len(found) < largest:
        each = left.pop()
        keys = each if isinstance(each, dict) else range(len(each))
        for key in list(keys)[:4]:
            found.append((each, key))
            if isinstance(each[key], (dict, list)):
                left.append(each[key])
    return found


def _odd(draw):
    return draw.choice(
        (
            None,
            True,
            [],
            {},
            [[]],
            [None],
            {"b64": "%%%"},
            {"b64": 5},
            [[1], [1, 2]],
            "\ud800",
            *_TEXTS,
            *_NUMBERS,
            *_FLOATS,
        )
    )


def _header(question, draw):
    name, value = draw.choice(_HEADERS)
    kept = [pair for pair in question.headers if pair[0] != name]
    question.headers = [*kept, (name, value)]
    question.is_framed = False


def _path(question, draw):
    path, kind = question.path, draw.randrange(5)
    place = draw.randint(1, len(path))
    odd = ("%00", "..%2f", "/../", "%ff", "&seed=1", "?", "#", "//", "9" * 400)
    if kind == 0:
        path = path[:place] + draw.choice(odd) + path[place:]
    elif kind == 1:
        path = path[:place]
    elif kind == 2:
        number = draw.choice((*_NUMBERS, *_FLOATS))
        path = path.replace("5", str(number)).replace("0.7", str(number))
    elif kind == 3:
        path = path.replace("/1", f"/{draw.choice(('0', '-1', 'x', '９'))}")
    else:
        methods = ("GET", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "BREW")
        question.method = draw.choice(methods)
    question.path = path


def _fields(question, draw):
    """A field of the message set to something else."""
    try:
        made = question.message.FromString(question.body)
        places = _fields_of(made)
    except message.DecodeError:
        places = []
    if not places:
        _bytes(question, draw)
        return
    parent, field = draw.choice(places)
    if draw.random() < 0.2:
        parent.ClearField(field.name)
    else:
        _set(parent, field, draw)
    question.body = made.SerializeToString()


def _fields_of(made):
    """Pairs (message, field) of a message and of those in it."""
    found = [(made, field) for field in made.DESCRIPTOR.fields]
    for field, value in made.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            value = [value[key] for key in value]
            value = [v for v in value if isinstance(v, message.Message)]
        elif not field.is_repeated:
            value = [value]
        for each in list(value)[:4]:
            found += _fields_of(each)
    return found


def _set(parent, field, draw):
    """A value that the field can hold."""
    kinds, value = type(field), getattr(parent, field.name)
    if field.message_type is not None:
        if field.message_type.GetOptions().map_entry:
            value[draw.choice(("z", "label", "extra", ""))]
        elif field.is_repeated:
            value.add()
        else:
            value.SetInParent()
        return
    if field.cpp_type in (kinds.CPPTYPE_FLOAT, kinds.CPPTYPE_DOUBLE):
        choices = _FLOATS
    elif field.type == kinds.TYPE_BYTES:
        choices = (b"", b"\0" * 3, b"\xff" * 5000)
    elif field.cpp_type == kinds.CPPTYPE_STRING:
        choices = _TEXTS
    elif field.cpp_type == kinds.CPPTYPE_BOOL:
        choices = (True, False)
    else:
        choices = _NUMBERS
    odd = draw.choice(choices)
    try:
        if field.is_repeated:
            value.extend([odd] * draw.choice((1, 5, 3000)))
        else:
            setattr(parent, field.name, odd)
    except (ValueError, OverflowError):  # too large for this kind of integer
        pass
