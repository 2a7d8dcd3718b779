"""The tab that takes some scales of a picture from another one."""

import typing

import gradio

from stylegan_tf.editing import latent_files
from stylegan_tf.studio import controls, making, saving, typed

_PLACE = "mix"


class _Controls(typing.NamedTuple):
    seed: typing.Any
    draw: typing.Any
    other: typing.Any
    draw_other: typing.Any
    scales: typing.Any
    settings: controls.Settings

    def inputs(self):
        """All that decides about the picture."""
        return [self.seed, self.other, self.scales, *self.settings.there()]


def build(network):
    """Fills the tab.

    Args:
        network: A `making.Network`, whose layers have styles of their own.
    """
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=3, min_width=280, elem_classes="shown"):
            shown = gradio.HTML(elem_id=_PLACE, padding=False)
            buttons = saving.buttons(_PLACE)
        with gradio.Column(scale=2, min_width=280):
            first = list(network.scales)[:1]
            held = _Controls(
                *controls.seed("Seed"),
                *controls.other(network, "Mixed with", first),
                settings=controls.settings(network),
            )
            with gradio.Row(elem_classes="pair"):
                sources = [
                    gradio.HTML(elem_id=f"{_PLACE}-{name}", padding=False)
                    for name in ("first", "second")
                ]
    inputs, outputs = held.inputs(), [shown, *sources]

    def styles(given):
        (mixed, *_), about = _styles(given, network, held)
        name = controls.file_name(network, _name(about) + ".npz")
        return latent_files.Latents(mixed, about["noise"]), about, name

    saving.connect(buttons, styles, inputs)
    _connect(network, held, outputs)
    made = _show({each: each.value for each in inputs}, network, held)
    for each, value in zip(outputs, made, strict=True):
        each.value = value


def _connect(network, held, outputs):
    """Draws whenever a control moves."""
    inputs = held.inputs()

    def show(given):
        return _show(given, network, held)

    def another(which):
        def show_another(given):
            number = controls.any_seed()
            made = show(given | {which: number})
            return {which: number, **dict(zip(outputs, made, strict=True))}

        return controls.told(show_another)

    controls.on_change(inputs, show, outputs)
    for button, which in (
        (held.draw, held.seed),
        (held.draw_other, held.other),
    ):
        button.click(
            another(which), set(inputs), [which, *outputs], **controls.LIVE
        )


def _styles(given, network, held):
    """ws of the mix and of both seeds, and a dict that says how made."""
    chosen = controls.values_of(given, held.settings, network)
    names = typed.choices(given[held.scales], "Scales", list(network.scales))
    seeds = [typed.seed(given[each]) for each in (held.seed, held.other)]
    ws, others = (
        making.styles(network, seed, chosen["psi"], chosen["chosen_class"])
        for seed in seeds
    )
    mixed = making.mixed(network, ws, others, names)
    about = chosen | {"seeds": seeds, "from_the_second": names}
    return (mixed, ws, others), about


def _show(given, network, held):
    """HTML of the mix and of both seeds."""
    found, about = _styles(given, network, held)
    one, two = about["seeds"]
    names = _name(about), f"seed{one}", f"seed{two}"
    captions = f"Seed {one} with {two}", f"Seed {one}", f"Seed {two}"
    pictures = [making.picture(network, ws, about["noise"]) for ws in found]
    return [
        controls.figure(
            picture, controls.file_name(network, f"{name}.png"), caption
        )
        for picture, name, caption in zip(
            pictures, names, captions, strict=True
        )
    ]


def _name(about):
    one, two = about["seeds"]
    return f"mix{one}-{two}"
