"""The tab that takes some scales of a picture from another one."""

import gradio

from stylegan_tf.editing import latent_files
from stylegan_tf.studio import controls, making, typed

_PLACE = "mix"


def build(network):
    """Fills the tab.

    Args:
        network: A `making.Network`, whose layers have styles of their own.
    """
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=3, min_width=280, elem_classes="shown"):
            shown = gradio.HTML(elem_id=_PLACE, padding=False)
            below = gradio.Group()
        with gradio.Column(scale=2, min_width=280):
            seed, draw = controls.seed("Picture")
            other, draw_other, scales = controls.other(
                network, "Mixed with", list(network.scales)[:1]
            )
            with gradio.Row(elem_classes="pair"):
                first = gradio.HTML(elem_id="mix-first", padding=False)
                second = gradio.HTML(elem_id="mix-second", padding=False)
            settings = controls.settings(network)
    inputs = [seed, other, scales, *settings.there()]
    outputs = [shown, first, second]

    def parts(given):
        chosen = controls.values_of(given, settings, network)
        names = typed.choices(given[scales], "Scales", list(network.scales))
        psi, chosen_class = chosen["psi"], chosen["chosen_class"]
        seeds = [
            typed.seed(given[each], each.label) for each in (seed, other)
        ]
        ws, others = (
            making.styles(network, each, psi, chosen_class) for each in seeds
        )
        mixed = making.mixed(network, ws, others, names)
        about = chosen | {"seeds": seeds, "from_the_second": names}
        return (mixed, ws, others), about

    def styles(given):
        (mixed, *_), about = parts(given)
        return latent_files.Latents(mixed, about["noise"]), about

    def show(given):
        found, about = parts(given)
        one, two = about["seeds"]
        names = f"mix{one:04d}-{two:04d}", f"seed{one:04d}", f"seed{two:04d}"
        captions = f"Seed {one} with {two}", f"Seed {one}", f"Seed {two}"
        return [
            controls.figure(
                making.picture(network, ws, about["noise"]),
                f"{name}.png",
                caption,
            )
            for ws, name, caption in zip(found, names, captions, strict=True)
        ]

    def another(which):
        def show_another(given):
            number = controls.any_seed()
            made = show(given | {which: number})
            return {which: number, **dict(zip(outputs, made, strict=True))}

        return show_another

    with below:
        controls.downloads(_PLACE, styles, inputs)
    for each in inputs:
        each.input(controls.told(show), set(inputs), outputs, **controls.LIVE)
    for button, which in ((draw, seed), (draw_other, other)):
        button.click(
            controls.told(another(which)),
            set(inputs),
            [which, *outputs],
            **controls.LIVE,
        )
    made = show({each: each.value for each in inputs})
    for each, value in zip(outputs, made, strict=True):
        each.value = value
