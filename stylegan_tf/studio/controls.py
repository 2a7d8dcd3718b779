"""Controls that several tabs have, and what their values mean.

A control that a network has no use for is None, and its value the neutral
one. Handlers take a dict of values by control, as they came from the browser:
`typed` checks them.
"""

import base64
import functools
import html
import inspect
import random
import re
import typing

import gradio

from stylegan_tf import images
from stylegan_tf.studio import address, looks, typed

PSI = 0.7  # of the first picture
_MANY = 100_000  # seeds that the button draws from: short ones
_MOST_SLIDERS = 40
# A picture follows each move of a slider; where it is slower, the last one.
LIVE = {
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "concurrency_id": "pictures",
    "concurrency_limit": 2,
    "preprocess": False,  # `typed` does
    "api_visibility": "private",
}
# Projections and films, one at a time on this machine.
LONG = {
    "concurrency_id": "long",
    "concurrency_limit": 1,
    "preprocess": False,
    "api_visibility": "private",
}


class Settings(typing.NamedTuple):
    """What decides about every picture; None where a network has it not."""

    psi: typing.Any
    chosen_class: typing.Any
    noise: typing.Any

    def there(self):
        """Those that the network has."""
        return [each for each in self if each is not None]


def settings(network):
    """Makes `Settings`."""
    generator, psi, chosen_class, noise = network.one, None, None, None
    if generator.can_truncate:
        psi = gradio.Slider(
            *address.PSI,
            value=PSI,
            step=0.05,
            label="Truncation ψ",
            info="Near 0 typical, near 1 varied, below 0 opposite.",
            elem_classes=["from-zero", "psi"],
        )
    if generator.config.label_size:
        chosen_class = one_of_classes(generator.config, "Class")
    if generator.noise_shapes:
        noise = gradio.Checkbox(
            True,
            label="Noise",
            info="Fine detail that the styles do not determine.",
        )
    return Settings(psi, chosen_class, noise)


def one_of_classes(config, label):
    """A list of names, or a slider where classes have none."""
    if names := config.label_names:
        pairs = [(name, number) for number, name in enumerate(names)]
        return gradio.Dropdown(pairs, value=0, label=label)
    last = config.label_size - 1
    return gradio.Slider(0, last, value=0, step=1, label=label)


def values_of(given, settings, network):
    """psi, chosen_class and noise ("const" or "none"), a dict."""
    psi, chosen_class, noise = 1.0, 0, "const"
    if settings.psi is not None:
        psi = typed.number(given[settings.psi], "Truncation", *address.PSI)
    if settings.chosen_class is not None:
        last = network.one.config.label_size - 1
        given_class = given[settings.chosen_class]
        chosen_class = typed.whole(given_class, "Class", 0, last)
    if settings.noise is not None:
        noise = "const" if given[settings.noise] else "none"
    return {"psi": psi, "chosen_class": chosen_class, "noise": noise}


def seed(label, value=0):
    """A seed, and a button beside it that draws one."""
    with gradio.Row(elem_classes="seed"):
        number = gradio.Number(value, label=label, precision=0, min_width=120)
        button = gradio.Button(
            "Random", size="md", min_width=90, elem_classes="random"
        )
    return number, button


def any_seed():
    """A short one."""
    return random.randrange(_MANY)


def sliders(network):
    """A slider a direction, by name."""
    names = list(network.directions)
    shown = names[:_MOST_SLIDERS]
    span = -address.FURTHEST, address.FURTHEST
    found = {
        name: gradio.Slider(
            *span,
            value=0,
            step=0.1,
            label=_title(name),
            elem_classes="from-zero",
        )
        for name in shown
    }
    if names[len(shown) :]:
        gradio.Markdown(f"{len(shown)} of {len(names)} directions.")
    return found


def amounts_of(given, sliders):
    """How far to go along each direction, by name."""
    span = -address.FURTHEST, address.FURTHEST
    return {
        name: typed.number(given[slider], _title(name), *span)
        for name, slider in sliders.items()
    }


def other(network, label, chosen):
    """Another seed, a button, and the scales that its styles are taken at.

    Args:
        network: A `making.Network`.
        label: Of the seed.
        chosen: Names of the scales that are taken at first.
    """
    number, button = seed(label, value=1)
    scales = gradio.CheckboxGroup(
        list(network.scales),
        value=list(chosen),
        label="Layers from the second seed",
        info="Coarse is pose and shape, fine is colour.",
    )
    return number, button, scales


def figure(image, name, caption=""):
    """HTML of a picture, which is in it; no file is kept.

    Args:
        image: uint8 `[H, W, C]`.
        name: Of the file when it is saved.
        caption: Below it.
    """
    png = base64.b64encode(images.to_png(image)).decode()
    said = html.escape(caption)
    img = (
        f'<img decoding="sync" src="data:image/png;base64,{png}" '
        f'data-name="{html.escape(name)}" '
        f'alt="{said or "Generated picture"}">'
    )
    return looks.frame(img, image.shape, caption)


def file_name(network, what):
    """Of a file that a visitor takes home: faces64-seed62.png.

    Args:
        network: A `making.Network`.
        what: What is in it, with the suffix.
    """
    return re.sub(r"[^\w.-]+", "-", network.name) + f"-{what}"


def on_change(inputs, show, outputs, *more):
    """Draws whenever one of the controls moves; returns the event.

    Args:
        inputs: Controls.
        show: A function of their values, and of those of `more`, a dict.
        outputs: What it gives.
        *more: What else it takes.
    """
    moves = [each.input for each in inputs]
    # The small arrow that takes a slider back tells by this alone.
    moves += [each.release for each in inputs if hasattr(each, "release")]

    def show_whole(given):
        # A field that is being typed anew.
        if any(given[each] is None for each in inputs):
            return gradio.skip()
        return show(given)

    taken = {*inputs, *more}
    return gradio.on(moves, told(show_whole), taken, outputs, **LIVE)


def told(function):
    """`function` for an event, which tells a visitor's mistake as a sentence.

    Nothing on the page changes then.
    """

    @functools.wraps(function)
    def answer(*given):
        try:
            return function(*given)
        except typed.Mistake as mistake:
            return _warn(mistake)

    @functools.wraps(function)
    def answers(*given):
        try:
            yield from function(*given)
        except typed.Mistake as mistake:
            yield _warn(mistake)

    return answers if inspect.isgeneratorfunction(function) else answer


def error(mistake):
    """What stops an event and all that would follow it, to be raised."""
    said = html.escape(str(mistake))
    return gradio.Error(said, title="Not saved", print_exception=False)


def _warn(mistake):
    gradio.Warning(html.escape(str(mistake)))
    return gradio.skip()


def _title(name):
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
