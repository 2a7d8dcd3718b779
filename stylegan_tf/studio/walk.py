"""The tab that makes a film of a walk from seed to seed."""

import importlib.util
import typing

import gradio

from stylegan_tf.editing import video
from stylegan_tf.studio import controls, making, saving, typed

_FPS = 24
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
            shown = {
                "interactive": False,
                "show_label": False,
                "elem_classes": ["film"],
            }
            picture = gradio.Image(
                elem_id="walk", buttons=["download", "fullscreen"], **shown
            )
            film = gradio.Video(
                elem_id="walk-video",
                visible=False,
                autoplay=True,
                loop=True,
                buttons=["download"],
                **shown,
            )
        with gradio.Column(scale=2, min_width=280):
            held = _make_controls(network)
            make = gradio.Button("Make the film", variant="primary")

    def show(given, progress):
        path = _write(given, network, held, progress)
        is_video = path.suffix == ".mp4"
        return {
            picture: gradio.Image(
                None if is_video else str(path), visible=not is_video
            ),
            film: gradio.Video(
                str(path) if is_video else None, visible=is_video
            ),
        }

    # Gradio finds what shows the progress by its default.
    def show_watched(given, progress=gradio.Progress()):  # noqa: B008
        return controls.told(show)(given, progress)

    make.click(
        show_watched,
        held.inputs(),
        [picture, film],
        show_progress_on=picture,
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
    path = saving.new_file(f"walk.{kind.lower()}")
    watched = progress.tqdm(frames, total=count, desc="Frames")
    video.write(path, watched, fps=_FPS)
    return path


def _kinds():
    """Names of the formats that can be written here."""
    has_mp4 = importlib.util.find_spec("imageio_ffmpeg") is not None
    return ["WebP", *["MP4"] * has_mp4, "GIF"]
