"""The tab that makes a picture of a seed, and edits it."""

import html

import gradio

from stylegan_tf.editing import latent_files
from stylegan_tf.studio import address, controls, making, typed

_PLACE = "create"


def build(network, blocks):
    """Fills the tab.

    Args:
        network: A `making.Network`.
        blocks: The page, whose address this tab follows.
    """
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=3, min_width=280, elem_classes="shown"):
            shown = gradio.HTML(elem_id=_PLACE, padding=False)
            below = gradio.Group()
        with gradio.Column(scale=2, min_width=280):
            seed, draw = controls.seed("Seed")
            settings = controls.settings(network)
            sliders = controls.sliders(network)
    inputs = [seed, *settings.there(), *sliders.values()]

    def styles(given):
        chosen = controls.values_of(given, settings, network)
        amounts = controls.amounts_of(given, sliders)
        number = typed.seed(given[seed])
        psi, chosen_class = chosen["psi"], chosen["chosen_class"]
        ws = making.styles(network, number, psi, chosen_class)
        ws = making.moved(network, ws, amounts)
        return latent_files.Latents(ws, chosen["noise"]), chosen | {
            "seed": number,
            "amounts": amounts,
        }

    def show(given):
        (ws, noise), about = styles(given)
        name = f"seed{about['seed']:04d}"
        image = making.picture(network, ws, noise)
        return controls.figure(image, f"{name}.png", f"Seed {about['seed']}")

    def show_another(given):
        number = controls.any_seed()
        return {seed: number, shown: show(given | {seed: number})}

    def show_address(request: gradio.Request):
        found = _asked(request, network)
        if not found:
            return gradio.skip()
        amounts = found.pop("amounts", {})
        fields = zip(("psi", "class", "noise"), settings, strict=True)
        held = {"seed": seed} | {name: each for name, each in fields}
        new = {held[name]: value for name, value in found.items()}
        new |= {sliders[name]: value for name, value in amounts.items()}
        given = {each: each.value for each in inputs}
        return new | {shown: show(given | new)}

    with below:
        controls.downloads(_PLACE, styles, inputs)
    say = address.script(
        ["seed", *_keys(settings)], sliders
    )
    for each in inputs:
        each.input(
            controls.told(show), set(inputs), shown, **controls.LIVE
        ).success(None, inputs, js=say, queue=False)
    draw.click(
        controls.told(show_another), set(inputs), [seed, shown], **controls.LIVE
    ).success(None, inputs, js=say, queue=False)
    blocks.load(
        show_address, None, [*inputs, shown], **controls.LIVE
    )
    shown.value = show({each: each.value for each in inputs})


def _keys(settings):
    """The address's keys of the settings that there are."""
    pairs = zip(("psi", "class", "noise"), settings, strict=True)
    return [key for key, each in pairs if each is not None]


def _asked(request, network):
    """What the address asks for; a mistake in it is told, and left out."""
    try:
        return address.read(request.query_params.multi_items(), network)
    except typed.Mistake as mistake:
        gradio.Warning(html.escape(f"The address is odd: {mistake}"))
        return {}
