"""A picture as the page's address: `?seed=5&psi=0.7&direction=smile:1.5`.

The keys are those of the static page of tools.export.
"""

import json

from stylegan_tf.studio import typed

PSI = (-1.0, 1.5)
FURTHEST = 3.0  # spreads, along a direction
_NOISE = ["1", "const", "0", "none"]  # there, there, not there, not there


def read(given, network):
    """What an address asks for, a dict: seed, psi, class, noise, amounts.

    What it does not say is missing; amounts are by direction.

    Args:
        given: Pairs of texts, as of a query.
        network: A `making.Network`.

    Raises:
        typed.Mistake: For the first thing that makes no sense.
    """
    found, amounts = {}, {}
    classes = network.one.config.label_size
    names = {n: str(i) for i, n in enumerate(network.one.config.label_names)}
    for key, text in given:
        if key == "seed":
            found["seed"] = typed.seed(_number(text))
        elif key == "psi" and network.one.can_truncate:
            found["psi"] = typed.number(_number(text), "psi", *PSI)
        elif key == "class" and classes:
            text = text if text.isdecimal() else names.get(text, text)
            number = _number(text)
            number = typed.whole(number, "class", 0, classes - 1)
            found["class"] = number
        elif key == "noise" and network.one.noise_shapes:
            found["noise"] = typed.choice(text, "noise", _NOISE) in _NOISE[:2]
        elif key == "direction":
            name, _, amount = text.rpartition(":")
            typed.choice(name, "direction", list(network.directions) or ["-"])
            span = -FURTHEST, FURTHEST
            amounts[name] = typed.number(_number(amount), name, *span)
    return found | ({"amounts": amounts} if amounts else {})


def script(keys, directions):
    """JavaScript that writes the address from the values of controls.

    Args:
        keys: Of the first controls: seed, psi, class, noise.
        directions: Names of the rest.
    """
    return f"""(...values) => {{
  const url = new URL(window.location.href);
  const keys = {json.dumps(list(keys))};
  keys.forEach((key, i) => url.searchParams.set(key, Number(values[i])));
  if (url.searchParams.get("noise") === "1") url.searchParams.delete("noise");
  url.searchParams.delete("direction");
  {json.dumps(list(directions))}.forEach((name, i) => {{
    const amount = values[keys.length + i];
    if (amount) url.searchParams.append("direction", `${{name}}:${{amount}}`);
  }});
  window.history.replaceState(window.history.state, "", url);
  return [];
}}"""


def _number(text):
    """A number, or the text itself, which is then refused."""
    try:
        return float(text)
    except ValueError:
        return text
