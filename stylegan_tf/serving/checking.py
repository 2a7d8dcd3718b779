"""Turns what a protocol decoded into the arrays that a signature takes.

Whatever TensorFlow would stop at is refused here, in one sentence that says
what was expected and what came. Nothing is guessed: a client that is content
here is so with TensorFlow Serving.
"""

import difflib

import numpy as np

from stylegan_tf.serving import errors, nested

_NOISES = (b"const", b"none")
_ALL_LAYERS = -1  # as `truncation_cutoff`
_LARGEST = 1e6  # of numbers: squares of larger ones' squares overflow


def arrays(signature, given, *, card, max_rows):
    """All inputs of a signature, defaults for what was left out.

    Args:
        signature: A `signatures.Signature`.
        given: Dict by name, of arrays, or of nested lists of numbers, or of
            strings or bytes.
        card: Of the model.
        max_rows: Of a request.

    Returns:
        Dict of arrays: of as many rows as the request has, or of one, which
        is for all of them, or of none where stored noise is meant.

    Raises:
        errors.Invalid: If it is not what the signature takes.
    """
    _check_names(signature.inputs, given)
    found = {
        name: _array(name, tensor, given[name], max_rows)
        if name in given
        else tensor.default
        for name, tensor in signature.inputs.items()
    }
    _check_rows(signature.inputs, found)
    _check_values(found, card)
    return found


def closest(name, names):
    """` Did you mean ...?`, or an empty string."""
    near = difflib.get_close_matches(str(name)[:60], names, 1, cutoff=0.5)
    return f" Did you mean `{near[0]}`?" if near else ""


def rows(arrays):
    """How many rows a request has."""
    return max(map(len, arrays.values()))


def chosen(outputs, names):
    """The named ones of a dict of outputs, all if none is named.

    Raises:
        errors.Invalid: If there is no such output.
    """
    for name in names:
        if name not in outputs:
            raise errors.Invalid(
                f"There is no output `{name[:40]}`. Outputs: "
                f"{', '.join(outputs)}"
            )
    return {name: outputs[name] for name in names or outputs}


def check_known(inputs, names):
    """Whether a signature has inputs of all these names.

    Raises:
        errors.Invalid: If one is unknown.
    """
    for name in names:
        if name not in inputs:
            raise errors.Invalid(
                f"There is no input `{name[:60]}`.{closest(name, inputs)} "
                f"Inputs: {', '.join(inputs)}"
            )


def _check_names(inputs, given):
    check_known(inputs, given)
    needed = [name for name, each in inputs.items() if not each.has_default]
    missing = [name for name in needed if name not in given]
    if missing:
        raise errors.Invalid(
            f"Input `{missing[0]}` is missing. Needed: {', '.join(needed)}. "
            f"Received: {', '.join(given) or 'none'}"
        )


def _array(name, tensor, value, max_rows):
    """An array of the dtype, and of the sizes but for the number of rows.

    No value is looked at before the shape is right: one of a client's may
    stand for billions, a view without strides.
    """
    if isinstance(value, list):
        check_shape(name, tensor, nested.shape(value), max_rows)
    if not isinstance(value, np.ndarray):
        value = nested.array(name, tensor.dtype, value)
    check_shape(name, tensor, value.shape, max_rows)
    if tensor.dtype == "string":
        return _strings(name, value)
    return _numbers(name, tensor.dtype, value)


def check_shape(name, tensor, shape, max_rows):
    """Of one input, before its values are looked at.

    Raises:
        errors.Invalid: If it is not the tensor's, or has too many rows.
    """
    sizes = tensor.shape[1:]
    shape = tuple(shape)
    if len(shape) != len(tensor.shape) or shape[1:] != sizes or shape[0] < 0:
        hint = ""
        if shape == sizes:
            hint = ". A request of one row has a first dimension of 1"
        elif name == "label":
            hint = ". A label is one-hot, with a column a class"
        raise errors.Invalid(
            f"`{name}` must be of shape {_shape(('rows', *sizes))}. "
            f"Received: {_shape(shape)}{hint}"
        )
    if shape[0] > max_rows:
        raise errors.Invalid(
            f"A request may have {max_rows} rows. Received: {shape[0]}"
        )


def _numbers(name, dtype, array):
    wanted = np.dtype(dtype)
    if array.dtype.kind not in ("fiu" if wanted.kind == "f" else "iu"):
        raise errors.Invalid(
            f"`{name}` must be an array of {dtype}. Received: {_kind(array)}"
        )
    if wanted.kind == "f":
        largest = _LARGEST
        with np.errstate(over="ignore"):
            array = array.astype(wanted)
    else:
        largest = np.iinfo(wanted).max
    # False of NaN, too.
    if array.size and not -largest <= array.min() <= array.max() <= largest:
        raise errors.Invalid(
            f"`{name}` must hold numbers from {-largest:g} to {largest:g}, no "
            "NaN and nothing infinite"
        )
    return array.astype(wanted, order="C", copy=False)


def _strings(name, array):
    made = np.empty(array.shape, object)
    for index, each in np.ndenumerate(array):
        if not isinstance(each, str | bytes):
            raise errors.Invalid(
                f"`{name}` must be an array of strings. Received: "
                f"{type(each).__name__}"
            )
        is_text = isinstance(each, str)
        made[index] = each.encode(errors="replace") if is_text else each
    return made


def _check_rows(inputs, found):
    """Inputs without a default have a row an image; the others may have 1."""
    needed = [name for name, each in inputs.items() if not each.has_default]
    count = len(found[needed[0]])
    if not count:
        raise errors.Invalid(f"`{needed[0]}` has no rows; at least one, please")
    for name, array in found.items():
        allowed = {count}
        if name not in needed:
            allowed |= {1, len(inputs[name].default)}
        if len(array) not in allowed:
            raise errors.Invalid(
                f"`{name}` must have as many rows as `{needed[0]}`, {count}"
                f"{', or 1' if 1 in allowed else ''}. Received: {len(array)}"
            )


def _check_values(found, card):
    """What only this network knows."""
    num_ws = card["num_ws"]
    psi = found.get("truncation_psi")
    if psi is not None and not card["can_truncate"] and np.any(psi != 1):
        raise errors.Invalid(
            "This network has no mean to truncate towards: `truncation_psi` "
            f"must be 1. Received: {psi[psi != 1][0]:g}"
        )
    for name, lowest in (
        ("truncation_cutoff", _ALL_LAYERS),
        ("first_layer", 0),
        ("last_layer", 0),
    ):
        layers = found.get(name, np.zeros(0))
        wrong = layers[(layers < lowest) | (layers > num_ws)]
        if len(wrong):
            raise errors.Invalid(
                f"`{name}` must be from {lowest} to {num_ws}. "
                f"Received: {wrong[0]}"
            )
    if "first_layer" in found and np.any(
        found["first_layer"] > found["last_layer"]
    ):
        raise errors.Invalid("`first_layer` must not be above `last_layer`")
    for noise in found.get("noise", ()):
        if noise not in _NOISES:
            raise errors.Invalid(
                '`noise` must be "const" or "none". Received: '
                f'"{noise.decode(errors="replace")[:40]}"'
            )


def _kind(array):
    names = {"b": "booleans", "U": "strings", "S": "strings"}
    names["O"] = "what are no numbers"
    return names.get(array.dtype.kind, f"{array.dtype}")


def _shape(sizes):
    return f"[{', '.join(map(str, sizes))}]"
