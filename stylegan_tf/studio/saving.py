"""What a visitor takes home, and the files that come and go for it."""

import pathlib
import secrets

import gradio
from gradio import utils

from stylegan_tf.editing import latent_files
from stylegan_tf.studio import controls, typed


def buttons(place):
    """Buttons that save the picture as PNG and its styles as npz.

    Args:
        place: Identifier of the element that shows the picture.
    """
    with gradio.Row():
        button(place, "Picture (PNG)")
        latent = gradio.Button("Latent (npz)", size="sm", min_width=110)
    file = gradio.DownloadButton(elem_id=f"{place}-file", elem_classes="away")
    return latent, file


def button(place, label, **more):
    """A button that saves the picture or film as it is on the page.

    Args:
        place: Identifier of the element that shows it.
        label: Of the button.
        **more: What else `gradio.Button` is told.
    """
    made = gradio.Button(label, size="sm", min_width=110, **more)
    made.click(None, js=_SAVE.replace("PLACE", place), queue=False)
    return made


def connect(made, styles, inputs):
    """Says what the second of the buttons saves.

    Args:
        made: What `buttons` gave.
        styles: A function of the values of `inputs`, a dict, that gives
            `latent_files.Latents`, a dict that says how they were made,
            and the file's name.
        inputs: Controls.
    """
    latent, file = made

    def write(given):
        try:
            (ws, noise), about, name = styles(given)
        except typed.Mistake as mistake:
            raise controls.error(mistake) from mistake
        maps = None if isinstance(noise, str) else noise
        path = new_file(name)
        latent_files.write(path, ws, maps, settings=about)
        return str(path)

    # An error, not a warning: after that one, what was written before would
    # be fetched again.
    latent.click(write, set(inputs), file, **controls.LIVE).success(
        None, js=_FETCH.replace("PLACE", file.elem_id), queue=False
    )


def path_of(upload):
    """Where an uploaded file is, which came as a dict; "" of none."""
    path = upload.get("path") if isinstance(upload, dict) else None
    if not isinstance(path, str) or "\0" in path:
        return ""
    return path if utils.is_in_or_equal(path, _folder()) else ""


def new_file(name):
    """A path that nobody guesses, in the folder that Gradio tidies."""
    folder = pathlib.Path(_folder(), secrets.token_hex(16))
    folder.mkdir(parents=True)
    return folder / name


def _folder():
    return utils.get_upload_folder()


_SAVE = """() => {
  const made = document.querySelector("#PLACE img, #PLACE video");
  if (!made) return;
  const link = document.createElement("a");
  link.href = made.src;
  link.download = made.dataset.name;
  link.click();
}"""
# The file's address comes with the next drawing of the page.
_FETCH = """() => new Promise((done) => setTimeout(() => {
  const button = document.querySelector("#PLACE");
  (button.querySelector("a,button") || button).click();
  done();
}, 100))"""
