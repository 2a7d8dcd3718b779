"""JSON of requests and answers: strict when read, fast when written."""

import orjson

from stylegan_tf.serving import errors

_NUMPY = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def read(body: bytes):
    """The JSON object of a body, a dict.

    NaN and Infinity are no JSON; what is nested deeper than 1024 levels is
    refused by orjson.

    Raises:
        errors.Invalid: If it is none.
    """
    if not body:
        raise errors.Invalid("The body must be a JSON object. It is empty")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.Invalid(f"The body is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise errors.Invalid(
            f"The body must be a JSON object. Received: {kind(found)}"
        )
    return found


def write(value) -> bytes:
    """Bytes of dicts, lists, numbers, text and numeric arrays."""
    return orjson.dumps(value, option=_NUMPY)


def kind(value):
    """What JSON calls a value: "an array", "text", ..."""
    names = {
        dict: "an object",
        list: "an array",
        str: "text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number")
