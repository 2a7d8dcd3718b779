"""The tab that makes a film of a walk from seed to seed."""

import importlib.util
import typing

import gradio
import numpy as np
from PIL import Image

from stylegan_tf import images
from stylegan_tf.editing import video
from stylegan_tf.studio import controls, looks, making, saving, typed

_PLACE = "walk"
_FPS = 24
_SIDE = 512  # pixels that smaller frames are enlarged towards
_SECONDS = (1, 12)


class _Controls(typing.NamedTuple):
    seeds: typing.Any
    way: typing.Any
    seconds: typing.Any
    settings: controls.Settings
    kind: typing.Any

    def inputs(self):
        """All that decides about the film."""
        return {*self[:3], *self.settings.there(), self.kind}


def build(network):
    """Fills the tab.

    Args:
        network: A `making.Network`.
    """
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=3, min_width=280):
            shape = network.one.image_shape
            film = gradio.HTML(
                looks.blank("A film", shape), elem_id=_PLACE, padding=False
            )
            save = saving.button(_PLACE, "Save the film", interactive=False)
        with gradio.Column(scale=2, min_width=280):
            held = _make_controls(network)
            make = gradio.Button("Make the film", variant="primary")

    def show(given, progress):
        path = _write(given, network, held, progress)
        film.temp_files.add(str(path))  # Gradio tidies them
        return {
            film: looks.frame(_html(path), shape, _caption(given, held)),
            save: gradio.Button(interactive=True),
        }

    # Gradio finds what shows the progress by its default.
    def show_watched(given, progress=gradio.Progress()):  # noqa: B008
        return controls.told(show)(given, progress)

    make.click(
        show_watched,
        held.inputs(),
        [film, save],
        show_progress_on=film,
        **controls.LONG,
    )


def _make_controls(network):
    ways, kinds = making.ways(network), _kinds()
    seeds = gradio.Textbox(
        "0, 1, 2",
        label="Seeds",
        info="From one to the next, and back to the first.",
        max_length=200,
    )
    way = gradio.Radio(ways, value=ways[0], label="Along")
    seconds = gradio.Slider(*_SECONDS, value=4, step=1, label="Seconds")
    settings = controls.settings(network)
    kind = gradio.Radio(kinds, value=kinds[0], label="File")
    return _Controls(seeds, way, seconds, settings, kind)


def _write(given, network, held, progress):
    """The path of the film that was asked for."""
    chosen = controls.values_of(given, held.settings, network)
    seconds = typed.whole(given[held.seconds], "Seconds", *_SECONDS)
    seeds = typed.seeds(given[held.seeds])
    way = typed.choice(given[held.way], "Along", making.ways(network))
    kind = typed.choice(given[held.kind], "File", _kinds())
    count = video.frames_in(seconds, _FPS)
    frames = making.walk(network, seeds, way, count, **chosen)
    name = controls.file_name(network, f"walk.{kind.lower()}")
    path = saving.new_file(name)
    watched = progress.tqdm(frames, total=count, desc="Frames")
    video.write(path, map(_enlarged, watched), fps=_FPS)
    return path


def _enlarged(frame):
    """A frame as large and as smooth as browsers show pictures."""
    height, width, _ = frame.shape
    factor = max(_SIDE // max(height, width), 1)
    size = width * factor, height * factor
    picture = images.to_pil(frame).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(picture).reshape(height * factor, width * factor, -1)


def _html(path):
    """A film in the page, from Gradio's address of its file."""
    named = f'src="gradio_api/file={path}" data-name="{path.name}"'
    if path.suffix == ".mp4":
        return (
            f"<video {named} controls autoplay loop muted playsinline></video>"
        )
    return f'<img {named} alt="A walk between pictures">'


def _caption(given, held):
    return "Seeds " + ", ".join(map(str, typed.seeds(given[held.seeds])))


def _kinds():
    """Names of the formats that can be written here."""
    has_mp4 = importlib.util.find_spec("imageio_ffmpeg") is not None
    return ["WebP", *["MP4"] * has_mp4, "GIF"]
