"""The tab that makes a picture of a seed, and edits it."""

import html
import typing

import gradio

from stylegan_tf.editing import latent_files
from stylegan_tf.studio import address, controls, making, saving, typed

_PLACE = "create"


class _Controls(typing.NamedTuple):
    seed: typing.Any
    draw: typing.Any
    settings: controls.Settings
    sliders: dict

    def inputs(self):
        """All that decides about the picture, in the address's order."""
        return [self.seed, *self.settings.there(), *self.sliders.values()]

    def by_key(self):
        """Those but the sliders, by the address's keys."""
        pairs = zip(("psi", "class", "noise"), self.settings, strict=True)
        return {"seed": self.seed} | {k: each for k, each in pairs if each}


def build(network, blocks):
    """Fills the tab; returns the first picture, HTML.

    Args:
        network: A `making.Network`.
        blocks: The page, whose address this tab follows.
    """
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=3, min_width=280, elem_classes="shown"):
            shown = gradio.HTML(elem_id=_PLACE, padding=False)
            buttons = saving.buttons(_PLACE)
        with gradio.Column(scale=2, min_width=280):
            held = _Controls(
                *controls.seed("Seed"),
                controls.settings(network),
                controls.sliders(network),
            )
    inputs = held.inputs()
    saving.connect(buttons, lambda given: _saved(given, network, held), inputs)
    _connect(network, held, shown)

    # Gradio finds what the visitor sent by its annotation.
    def show_address(request: gradio.Request):
        pairs = request.query_params.multi_items()
        return _show_address(pairs, network, held, shown)

    blocks.load(show_address, None, [*inputs, shown], **controls.LIVE)
    shown.value = _show({each: each.value for each in inputs}, network, held)
    return shown.value


def _connect(network, held, shown):
    """Draws whenever a control moves, and writes it into the address."""
    inputs = held.inputs()
    say = address.script(held.by_key(), held.sliders)

    def show(given):
        return _show(given, network, held)

    def show_another(given):
        number = controls.any_seed()
        return {held.seed: number, shown: show(given | {held.seed: number})}

    controls.on_change(inputs, show, shown)
    held.draw.click(
        controls.told(show_another),
        set(inputs),
        [held.seed, shown],
        **controls.LIVE,
    )
    # What is refused makes no picture, and no address.
    shown.change(None, inputs, js=say, queue=False)


def _styles(given, network, held):
    """`latent_files.Latents`, and a dict that says how they were made."""
    chosen = controls.values_of(given, held.settings, network)
    amounts = controls.amounts_of(given, held.sliders)
    seed = typed.seed(given[held.seed])
    ws = making.styles(network, seed, chosen["psi"], chosen["chosen_class"])
    ws = making.moved(network, ws, amounts)
    about = chosen | {"seed": seed, "amounts": amounts}
    return latent_files.Latents(ws, chosen["noise"]), about


def _show(given, network, held):
    latents, about = _styles(given, network, held)
    image = making.picture(network, *latents)
    seed = about["seed"]
    name = controls.file_name(network, f"seed{seed}.png")
    return controls.figure(image, name, f"Seed {seed}")


def _saved(given, network, held):
    latents, about = _styles(given, network, held)
    name = controls.file_name(network, f"seed{about['seed']}.npz")
    return latents, about, name


def _show_address(pairs, network, held, shown):
    """The controls and the picture as the address asks for them."""
    try:
        found = address.read(pairs, network)
    except typed.Mistake as mistake:
        gradio.Warning(html.escape(f"The address is odd: {mistake}"))
        return gradio.skip()
    if not found:
        return gradio.skip()
    amounts, by_key = found.pop("amounts", {}), held.by_key()
    new = {by_key[key]: value for key, value in found.items()}
    # Of many directions some have no slider.
    new |= {held.sliders[n]: v for n, v in amounts.items() if n in held.sliders}
    given = {each: each.value for each in held.inputs()} | new
    return new | {shown: _show(given, network, held)}
