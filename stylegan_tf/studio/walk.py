"""The tab that makes a film of a walk from seed to seed."""

import importlib.util

import gradio

from stylegan_tf.editing import video
from stylegan_tf.studio import controls, making, typed

_FPS = 24
_SECONDS = (1, 12)


def build(network):
    """Fills the tab.

    Args:
        network: A `making.Network`.
    """
    ways, kinds = making.ways(network), _kinds()
    with gradio.Row(elem_classes="stage"):
        with gradio.Column(scale=3, min_width=280, elem_classes="shown"):
            picture = gradio.Image(
                type="filepath",
                format="webp",
                interactive=False,
                show_label=False,
                buttons=["download", "fullscreen"],
                elem_id="walk",
                elem_classes=["film"],
                height=512,
            )
            film = gradio.Video(
                visible=False,
                interactive=False,
                show_label=False,
                autoplay=True,
                loop=True,
                buttons=["download"],
                elem_id="walk-video",
                elem_classes=["film"],
                height=512,
            )
        with gradio.Column(scale=2, min_width=280):
            with gradio.Row(elem_classes="seed"):
                seeds = gradio.Textbox(
                    "0, 1, 2",
                    label="Seeds",
                    info="It goes from one to the next, and back to the first.",
                    min_width=120,
                )
            way = gradio.Radio(ways, value=ways[0], label="Along")
            seconds = gradio.Slider(
                *_SECONDS, value=4, step=1, label="Seconds"
            )
            settings = controls.settings(network)
            kind = gradio.Radio(kinds, value=kinds[0], label="File")
            make = gradio.Button("Make the film", variant="primary")
    inputs = [seeds, way, seconds, kind, *settings.there()]

    def show(given, progress):
        chosen = controls.values_of(given, settings, network)
        count = video.frames_in(
            typed.whole(given[seconds], "Seconds", *_SECONDS), _FPS
        )
        frames = making.walk(
            network,
            typed.seeds(given[seeds]),
            typed.choice(given[way], "Way", ways),
            count,
            **chosen,
        )
        suffix = typed.choice(given[kind], "File", kinds)
        path = controls.new_file(f"walk.{suffix.lower()}")
        shown = progress.tqdm(frames, total=count, desc="Frames")
        video.write(path, shown, fps=_FPS)
        is_video = suffix == "MP4"
        return {
            picture: gradio.Image(
                None if is_video else str(path), visible=not is_video
            ),
            film: gradio.Video(
                str(path) if is_video else None, visible=is_video
            ),
        }

    def show_watched(given, progress=gradio.Progress()):  # noqa: B008
        return controls.told(lambda given: show(given, progress))(given)

    make.click(
        show_watched,
        set(inputs),
        [picture, film],
        show_progress_on=picture,
        **controls.LONG,
    )


def _kinds():
    """Names of the formats that can be written here."""
    has_mp4 = importlib.util.find_spec("imageio_ffmpeg") is not None
    return ["WebP", *["MP4"] * has_mp4, "GIF"]
