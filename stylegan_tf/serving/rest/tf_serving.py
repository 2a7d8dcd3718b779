"""TensorFlow Serving's JSON: rows or columns, to inputs and back.

Rows are `"instances"`, a list of one value an image, or of an object of them
by input; columns are `"inputs"`, whole arrays. Text is a string, or
`{"b64": ...}` of its bytes. https://www.tensorflow.org/tfx/serving/api_rest
"""

import base64
import binascii

import numpy as np
from google.protobuf import json_format

from stylegan_tf.serving import errors, signatures
from stylegan_tf.serving.rest import json_text

_DEFAULT = "serving_default"
_KEYS = {"signature_name", "instances", "inputs"}


def request(body, servable):
    """The signature's name, its checked inputs, and whether rows came.

    Args:
        body: Bytes.
        servable: The version that answers.

    Raises:
        errors.Invalid: Whatever is wrong with it.
    """
    read = json_text.read(body)
    name = signature_name(read)
    signature = servable.signatures.get(name)
    given = {}
    if signature:
        given = inputs(read, signature.inputs, servable.max_batch)
    return name, servable.check(name, given), "instances" in read


def signature_name(body):
    """The one that a request names.

    Args:
        body: The request, a dict.

    Raises:
        errors.Invalid: If it is no name, or the request has another form.
    """
    if not set(body) <= _KEYS or ("instances" in body) == ("inputs" in body):
        raise errors.Invalid(
            'The body must have either "instances" (rows) or "inputs" '
            '(columns), and may have "signature_name". Received: '
            f"{_listed(body) or 'an empty object'}"
        )
    name = body.get("signature_name", _DEFAULT)
    if not isinstance(name, str):
        raise errors.Invalid(
            f'"signature_name" must be text. Received: {json_text.kind(name)}'
        )
    return name or _DEFAULT


def inputs(body, tensors, max_rows):
    """Nested lists by input, of numbers or of text as bytes.

    Args:
        body: The request, a dict that `signature_name` accepted.
        tensors: The signature's inputs by name.
        max_rows: Of a request.

    Raises:
        errors.Invalid: If they have no names, rows differ or are too many, or
            base64 is none.
    """
    if "inputs" in body:
        columns = _named(body["inputs"], tensors, '"inputs"')
    else:
        columns = _columns(body["instances"], tensors, max_rows)
    return {
        name: _decoded(name, value, max_rows)
        if name in tensors and tensors[name].dtype == "string"
        else value
        for name, value in columns.items()
    }


def answer(outputs, *, by_row):
    """JSON bytes of arrays by output; a single one stands without its name.

    Args:
        outputs: Dict of arrays; text is bytes in an object array.
        by_row: Whether the request came as rows.

    Raises:
        errors.Invalid: If there is not one of each an image.
    """
    values = {name: _value(name, each) for name, each in outputs.items()}
    if by_row and len({len(each) for each in values.values()}) > 1:
        raise errors.Invalid(
            'The outputs are not one an image: send columns, as "inputs"'
        )
    if len(values) == 1:
        (found,) = values.values()
    elif by_row:
        rows = zip(*values.values(), strict=True)
        found = [dict(zip(values, row, strict=True)) for row in rows]
    else:
        found = values
    return json_text.write({"predictions" if by_row else "outputs": found})


def metadata(name, servable):
    """What TensorFlow Serving tells of a model's signatures, a dict."""
    version = str(servable.version)
    return {
        "model_spec": {"name": name, "signature_name": "", "version": version},
        "metadata": {
            "signature_def": json_format.MessageToDict(
                signatures.to_map(servable.definitions),
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
        },
    }


def status(statuses, failures):
    """TensorFlow Serving's list of states, the newest version first.

    Args:
        statuses: State by version number.
        failures: Why, of those that could not be loaded.
    """
    return [
        {
            "version": str(version),
            "state": state,
            "status": {
                "error_code": "UNKNOWN" if version in failures else "OK",
                "error_message": failures.get(version, ""),
            },
        }
        for version, state in sorted(statuses.items(), reverse=True)
    ]


def _columns(rows, tensors, max_rows):
    """Lists of a value a row, by input."""
    if not isinstance(rows, list) or not rows:
        raise errors.Invalid(
            '"instances" must be an array with one value, or one object, an '
            f"image. Received: {_shown(rows)}"
        )
    if len(rows) > max_rows:
        raise errors.Invalid(
            f"A request may have {max_rows} rows. Received: {len(rows)}"
        )
    rows = [_named(row, tensors, "A row") for row in rows]
    names = rows[0].keys()
    if different := [row for row in rows if row.keys() != names]:
        raise errors.Invalid(
            "All rows must have the same inputs. Received: "
            f"{_listed(names) or 'none'}, then "
            f"{_listed(different[0]) or 'none'}"
        )
    return {name: [row[name] for row in rows] for name in names}


def _named(value, tensors, place):
    """`value` by input: an object, or that of the only one needed."""
    if isinstance(value, dict) and set(value) != {"b64"}:
        return value
    needed = [name for name, each in tensors.items() if not each.has_default]
    if len(needed) == 1:
        return {needed[0]: value}
    raise errors.Invalid(
        f"{place} must be an object with {_listed(needed)}. Received: "
        f"{_shown(value)}"
    )


def _decoded(name, value, max_rows):
    """A list with bytes in place of text and of `{"b64": ...}`.

    Lists in it, or in one too long, stay: `checking` refuses them.
    """
    if isinstance(value, list):
        if len(value) > max_rows:
            return value
        lists = [each for each in value if isinstance(each, list)]
        return value if lists else [_decoded(name, e, 0) for e in value]
    if not isinstance(value, dict):
        return value.encode() if isinstance(value, str) else value
    try:
        (text,) = (value[key] for key in value if key == "b64")
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise errors.Invalid(
            f'`{name}` must hold text, or {{"b64": TEXT}} with base64'
        ) from None


def _value(name, array):
    """What JSON can hold of an array."""
    if array.dtype.kind not in "OS":
        return np.ascontiguousarray(array)
    is_binary = name.endswith("_bytes")
    return [
        {"b64": base64.b64encode(each).decode()}
        if is_binary
        else each.decode(errors="replace")
        for each in array.ravel().tolist()
    ]


def _shown(value):
    """A value in a message, in a few words."""
    if isinstance(value, list) and value:
        return f"an array of {len(value)}, the first {json_text.kind(value[0])}"
    return "an empty array" if value == [] else json_text.kind(value)


def _listed(names):
    return ", ".join(f'"{str(name)[:60]}"' for name in list(names)[:12])
