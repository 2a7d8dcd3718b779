"""What the OpenAPI document says of every route."""

import pydantic

from stylegan_tf.serving import kserve_sdk
from stylegan_tf.serving.rest import picture

_V2 = kserve_sdk.v2_datamodels
_DATATYPES = "BOOL INT32 INT64 UINT8 FP32 FP64 BYTES".split()
_ANY = {"description": "Numbers, truths or text, in nested arrays."}
_WORDS = {
    400: "What was expected, and what came.",
    401: "Without the token.",
    404: "There is no such model, version or page.",
    406: "Another type than there is was asked for.",
    408: "The body did not arrive in time.",
    413: "The body is too large.",
    415: "The body is of another type.",
    429: "Too much waits: come back after Retry-After.",
    503: "The server is stopping.",
    504: "Not computed in time.",
}
_COMPUTED = (400, 429, 503, 504)
_POSTED = (*_COMPUTED, 408, 413, 415)


class Error(pydantic.BaseModel):
    """What every refusal says."""

    error: str


class Models(pydantic.BaseModel):
    """Names of models."""

    models: list[str]


class State(pydantic.BaseModel):
    """A version's."""

    version: str
    state: str
    status: dict[str, str]


class Status(pydantic.BaseModel):
    """TensorFlow Serving's and KServe's in one."""

    name: str
    ready: bool
    model_version_status: list[State]


def routes(handlers, model):
    """Path, method, handler and words for FastAPI, of every route.

    Args:
        handlers: A `routes.Routes`.
        model: A `serving.Model`.
    """
    card = model.servable().card
    name = _parameter("model", {"type": "string", "enum": [model.name]})
    number = _parameter("version", {"type": "integer", "minimum": 1})
    simple = [
        ("/", handlers.index, _json({"type": "object"})),
        ("/metrics", handlers.metrics, {"content": {"text/plain": {}}}),
        ("/v1/models", handlers.models, {"model": Models}),
        ("/v2", handlers.server, {"model": _V2.ServerMetadataResponse}),
        ("/v2/models", handlers.models, {"model": _V2.ListModelsResponse}),
    ]
    healths = [
        ("live", handlers.live, {"model": _V2.ServerLiveResponse}),
        ("ready", handlers.ready, {"model": _V2.ServerReadyResponse}),
    ]
    for path, handler, answer in simple:
        yield path, "GET", handler, _words(answer, (401,))
    for path, handler, answer in healths:
        yield f"/v2/health/{path}", "GET", handler, _words(answer, (503,))
    image = {"content": {"image/png": {"schema": _binary()}}}
    words = _words(image, (401, 406, *_COMPUTED), _query(card))
    words["responses"][304] = {"description": "The client has it."}
    yield "/image", "GET", handlers.image, words
    posted = _tf_body(card)
    of_models = [
        ("/v1", "", "GET", handlers.status, {"model": Status}, None),
        ("/v1", "/metadata", "GET", handlers.tf_metadata, _object(), None),
        ("/v1", ":predict", "POST", handlers.predict, _object(), posted),
        ("/v2", "", "GET", handlers.v2_metadata, _metadata(), None),
        ("/v2", "/ready", "GET", handlers.v2_ready, _readiness(), None),
        ("/v2", "/infer", "POST", handlers.infer, _inferred(), _v2_body(card)),
    ]
    # A longer path first: a version is not part of a model's name.
    for start, end, method, handler, answer, body in reversed(of_models):
        statuses = (400, 401, 404, *(_POSTED if body else (503,)))
        extra = {"requestBody": body} if body else {}
        for middle, also in (("/versions/{version}", [number]), ("", [])):
            words = _words(answer, statuses, [name, *also], **extra)
            path = f"{start}/models/{{model}}{middle}{end}"
            yield path, method, handler, words


def _words(answer, statuses, parameters=(), **extra):
    responses = {
        status: {"model": Error, "description": _WORDS[status]}
        for status in sorted(set(statuses))
    }
    if parameters:
        extra["parameters"] = list(parameters)
    return {
        "response_model": None,
        "responses": {200: {"description": "Done.", **answer}, **responses},
        "openapi_extra": extra,
    }


def _json(schema):
    return {"content": {"application/json": {"schema": schema}}}


def _object():
    return _json({"type": "object"})


def _binary():
    return {"type": "string", "format": "binary"}


def _metadata():
    return {"model": _V2.ModelMetadataResponse}


def _readiness():
    return {"model": _V2.ModelReadyResponse}


def _inferred():
    found = _json({"type": "object"})
    found["content"]["application/octet-stream"] = {"schema": _binary()}
    return found


def _parameter(name, schema, *, place="path", is_needed=True, words=""):
    return {
        "name": name,
        "in": place,
        "required": is_needed,
        "schema": schema,
        "description": words,
    }


def _query(card):
    """Parameters of a picture of this model."""
    whole = {"type": "integer", "minimum": 0}
    found = [
        ("seed", {**whole, "maximum": picture.LARGEST_SEED}, "Of z."),
    ]
    if card["can_truncate"]:
        ends = {"minimum": -picture.LARGEST_PSI, "maximum": picture.LARGEST_PSI}
        psi = {"type": "number", **ends, "default": 1.0}
        layers = {**whole, "maximum": card["num_ws"]}
        found.append(("psi", psi, "Truncation."))
        found.append(("cutoff", layers, "How many layers psi changes."))
    if count := card["label_size"]:
        number = {**whole, "maximum": count - 1}
        if names := card.get("label_names"):
            number = {"anyOf": [number, {"type": "string", "enum": names}]}
        found.append(("class", number, "Of images."))
    noises = list(picture.NOISES) if card["noise_shapes"] else ["const"]
    noise = {"type": "string", "enum": noises, "default": "const"}
    found.append(("noise", noise, "Stored noise, or none (0)."))
    return [
        _parameter(
            name,
            schema,
            place="query",
            is_needed=name in ("seed", "class"),
            words=words,
        )
        for name, schema, words in found
    ]


def _tf_body(card):
    row = {"z": [0.0] * card["z_size"]}
    if card["label_size"]:
        row["label"] = [1.0] + [0.0] * (card["label_size"] - 1)
    name = {"type": "string", "default": "serving_default"}
    rows = {"type": "array", "minItems": 1, "items": _ANY}

    def form(key, schema):
        return {
            "type": "object",
            "required": [key],
            "properties": {"signature_name": name, key: schema},
            "additionalProperties": False,
        }

    schema = {"oneOf": [form("instances", rows), form("inputs", _ANY)]}
    content = {"schema": schema, "example": {"instances": [row]}}
    return {"required": True, "content": {"application/json": content}}


def _v2_body(card):
    def tensor(name, size):
        data = [0.0] * size
        shape = [1, size]
        return {"name": name, "shape": shape, "datatype": "FP32", "data": data}

    inputs = [tensor("z", card["z_size"])]
    if card["label_size"]:
        inputs.append(tensor("label", card["label_size"]))
    text = {"type": "string"}
    parameters = {"type": ["object", "null"]}
    one = {
        "type": "object",
        "required": ["name", "shape", "datatype"],
        "properties": {
            "name": text,
            "shape": {"type": "array", "items": {"type": "integer"}},
            "datatype": {"enum": _DATATYPES},
            "parameters": parameters,
            "data": {"type": ["array", "null"], "items": _ANY},
        },
    }
    output = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": text, "parameters": parameters},
    }
    schema = {
        "type": "object",
        "required": ["inputs"],
        "properties": {
            "id": {"type": ["string", "null"]},
            "parameters": parameters,
            "inputs": {"type": "array", "items": one},
            "outputs": {"type": ["array", "null"], "items": output},
        },
    }
    content = {"schema": schema, "example": {"inputs": inputs}}
    types = {"application/json": content}
    types["application/octet-stream"] = {"schema": _binary()}
    return {"required": True, "content": types}
