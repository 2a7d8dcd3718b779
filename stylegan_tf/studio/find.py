"""The tab that finds an uploaded image in the network, and edits it."""

import typing

import gradio

from stylegan_tf.editing import latent_files
from stylegan_tf.studio import (
    controls,
    looks,
    making,
    projecting,
    saving,
    typed,
)

_PLACE = "found"
_SPACES = {"Likeness": "w+", "Easy to edit": "w"}
_STEPS = (50, 1000)


class _Asked(typing.NamedTuple):
    """Controls that start a projection; the class may be None."""

    upload: typing.Any
    space: typing.Any
    steps: typing.Any
    chosen_class: typing.Any
    start: typing.Any
    stop: typing.Any

    def inputs(self):
        """All that decides about it."""
        return {each for each in self[:4] if each is not None}


class _Edited(typing.NamedTuple):
    """Controls that change what was found; all but the sliders may be None."""

    sliders: dict
    seed: typing.Any
    draw: typing.Any
    scales: typing.Any
    noise: typing.Any

    def inputs(self):
        """All that decides about the picture."""
        held = self.seed, self.scales, self.noise, *self.sliders.values()
        return [each for each in held if each is not None]


class _Shown(typing.NamedTuple):
    """What there is to see, and what was found, `latent_files.Latents`."""

    wanted: typing.Any
    picture: typing.Any
    progress: typing.Any
    editing: typing.Any  # holds the controls of `_Edited`
    found: typing.Any


def build(network, *, seconds_kept):
    """Fills the tab.

    Args:
        network: A `making.Network`.
        seconds_kept: For how long what a visitor found is kept when it is
            not used.
    """
    found = gradio.State(None, time_to_live=seconds_kept)
    shape = network.one.image_shape
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=2, min_width=280):
            asked = _make_asked(network)
        with gradio.Column(scale=3, min_width=280):
            with gradio.Row(elem_classes="pair"):
                wanted = gradio.HTML(
                    looks.blank("Your image, as the network sees it", shape),
                    elem_id="wanted",
                    padding=False,
                )
                picture = gradio.HTML(
                    looks.blank("What the network makes of it", shape),
                    elem_id=_PLACE,
                    padding=False,
                )
            progress = gradio.HTML(elem_id="progress", padding=False)
            with gradio.Column(visible=False) as editing:
                edited = _make_edited(network, found)
    shown = _Shown(wanted, picture, progress, editing, found)
    _connect_asked(network, asked, edited, shown)
    _connect_edited(network, edited, shown)


def _make_asked(network):
    gradio.HTML("<p>Your image (cropped to its middle)</p>", padding=False)
    upload = gradio.Image(
        type="filepath",
        image_mode=None,
        sources=["upload", "webcam", "clipboard"],
        label="Your image",
        show_label=False,
        height=260,
        elem_id="upload",
    )
    space = gradio.Radio(
        list(_SPACES),
        value="Likeness",
        label="What counts most",
        elem_id="space",
    )
    steps = gradio.Slider(
        *_STEPS,
        value=300,
        step=50,
        label="Steps",
        info="More steps come closer and take longer.",
    )
    chosen_class = None
    if network.one.config.label_size:
        chosen_class = controls.one_of_classes(
            network.one.config, "Class to start from"
        )
    with gradio.Row():
        start = gradio.Button("Find it", variant="primary", min_width=120)
        stop = gradio.Button(
            "Stop", variant="stop", min_width=120, interactive=False
        )
    return _Asked(upload, space, steps, chosen_class, start, stop)


def _make_edited(network, found):
    sliders, noise = controls.sliders(network), None
    seed = draw = scales = None
    if network.scales:
        with gradio.Accordion("Mix with a seed", open=False):
            seed, draw, scales = controls.other(network, "Seed", chosen=())
    if network.one.noise_shapes:
        noise = gradio.Checkbox(True, label="Noise that was found")
    edited = _Edited(sliders, seed, draw, scales, noise)

    def styles(given):
        latents = _styles(given, network, edited, given[found])
        name = controls.file_name(network, _name(given, edited) + ".npz")
        return latents, {"made_by": "studio"}, name

    buttons = saving.buttons(_PLACE)
    saving.connect(buttons, styles, [found, *edited.inputs()])
    return edited


def _connect_asked(network, asked, edited, shown):
    """Starts and stops projections."""
    work = projecting.Projecting(network)

    def project(given):
        target = projecting.target(
            saving.path_of(given[asked.upload]), network.one.image_shape
        )
        space = typed.choice(given[asked.space], "What counts", list(_SPACES))
        steps = typed.whole(given[asked.steps], "Steps", *_STEPS)
        class_index = None
        if asked.chosen_class is not None:
            last = network.one.config.label_size - 1
            number = given[asked.chosen_class]
            class_index = typed.whole(number, "Class", 0, last)
        name = controls.file_name(network, f"{_PLACE}.png")
        yield {
            shown.wanted: controls.figure(target, "target.png", "Yours"),
            shown.picture: looks.blank(
                "Getting ready", network.one.image_shape
            ),
            shown.progress: looks.progress(0, steps, []),
            shown.editing: gradio.Column(visible=False),
            shown.found: None,
            asked.stop: gradio.Button(interactive=True),
        }
        for moment in work.run(
            target, steps=steps, space=_SPACES[space], class_index=class_index
        ):
            yield {
                shown.picture: controls.figure(moment.image, name, "Found"),
                shown.progress: looks.progress(
                    moment.step, moment.steps, moment.distances
                ),
                shown.found: moment.found,
            }
        yield _ended(asked, edited, shown)

    started = asked.start.click(
        controls.told(project),
        asked.inputs(),
        [*shown, asked.stop, *edited.inputs()],
        show_progress="minimal",  # the place in the queue
        show_progress_on=shown.progress,
        **controls.LONG,
    )
    asked.stop.click(
        lambda found: _ended(asked, edited, shown, found is not None),
        shown.found,
        [shown.editing, asked.stop, *edited.inputs()],
        cancels=[started],
        show_progress="hidden",
        queue=False,
        api_visibility="private",
    )


def _ended(asked, edited, shown, is_found=True):
    """The page when a projection ended: what was found can be edited."""
    return {
        shown.editing: gradio.Column(visible=is_found),
        asked.stop: gradio.Button(interactive=False),
        **{each: each.value for each in edited.inputs()},
    }


def _connect_edited(network, edited, shown):
    """Draws what was found again, as the controls are."""
    inputs = {shown.found, *edited.inputs()}

    def show(given):
        latents = _styles(given, network, edited, given[shown.found])
        image = making.picture(network, *latents)
        what = _name(given, edited)
        name = controls.file_name(network, f"{what}.png")
        caption = "Found" if what == _PLACE else "Found, then changed"
        return controls.figure(image, name, caption)

    controls.on_change(edited.inputs(), show, shown.picture, shown.found)
    if edited.draw is None:
        return

    def show_another(given):
        number = controls.any_seed()
        return {
            edited.seed: number,
            shown.picture: show(given | {edited.seed: number}),
        }

    edited.draw.click(
        controls.told(show_another),
        inputs,
        [edited.seed, shown.picture],
        **controls.LIVE,
    )


def _name(given, edited):
    """Of the picture's file: whether it is as it was found."""
    # A seed alone changes nothing.
    deciding = [each for each in edited.inputs() if each is not edited.seed]
    is_changed = any(given[each] != each.value for each in deciding)
    return f"{_PLACE}-changed" if is_changed else _PLACE


def _styles(given, network, edited, found):
    """What was found, edited: `latent_files.Latents`."""
    if found is None:
        raise typed.Mistake("Nothing is found yet: give an image, and start.")
    ws = found.ws
    if edited.scales is not None and given[edited.scales]:
        names = typed.choices(
            given[edited.scales], "Scales", list(network.scales)
        )
        others = making.styles(network, typed.seed(given[edited.seed]))
        ws = making.mixed(network, ws, others, names)
    ws = making.moved(network, ws, controls.amounts_of(given, edited.sliders))
    is_noisy = edited.noise is None or given[edited.noise]
    return latent_files.Latents(ws, found.noise if is_noisy else "none")
