"""Writes the Studio as a folder that Hugging Face Spaces takes as it is.

Spaces installs requirements.txt before it sees any other file, so this
package comes as a folder beside the app, not as a wheel.
"""

import importlib.metadata
import pathlib
import re
import shutil

from stylegan_tf import checkpoint, files, model_card
from stylegan_tf.editing import direction_files
from stylegan_tf.export import saved_model

_PACKAGE = pathlib.Path(__file__).resolve().parents[1]
# What the package and the Studio's films need.
NEEDED = (
    "absl-py",
    "google-crc32c",
    "keras",
    "numpy",
    "pillow",
    "scipy",
    "tensorflow",
    "tqdm",
    "imageio-ffmpeg",
)
_LEFT_OUT = ("__pycache__", "programs", "serving", "command_line", "doctor")

_README = """---
title: {title}
emoji: 🎨
colorFrom: green
colorTo: gray
sdk: gradio
sdk_version: {gradio}
python_version: "3.11"
app_file: app.py
---

The Studio of {title}, written by `tools.studio` of stylegan_tf. To see it on
your own machine:

```
pip install gradio=={gradio} -r requirements.txt
python app.py
```

| | |
|---|---|
| `app.py` | starts the page |
| `{title}/` | the network, as tools.export writes it |
| `directions.npz` | directions in W, where there are some |
| `stylegan_tf/` | the code, under the Apache License 2.0 |
"""

_APP = '''"""The Studio of {title}."""

import pathlib

from stylegan_tf import quiet

quiet.import_tensorflow()

from stylegan_tf import generators, studio  # noqa: E402
from stylegan_tf.editing import direction_files  # noqa: E402

_HERE = pathlib.Path(__file__).parent
_DIRECTIONS = _HERE / "directions.npz"

demo = studio.page(
    generators.open(_HERE / {title!r}),
    direction_files.read(_DIRECTIONS) if _DIRECTIONS.exists() else None,
)
if __name__ == "__main__":
    studio.serve(demo, print)
'''


def write(source, folder, directions=None):
    """Writes the folder, whole or not at all.

    Args:
        source: What `generators.open` takes.
        folder: A path where nothing is.
        directions: `direction_files.Direction`s by name, or None.
    """
    folder = pathlib.Path(folder)
    title = _title(folder.name)
    with files.whole(folder) as temporary:
        temporary.mkdir()
        _write_network(source, temporary / title)
        shutil.copytree(
            _PACKAGE,
            temporary / "stylegan_tf",
            ignore=shutil.ignore_patterns(*_LEFT_OUT),
        )
        if directions:
            path = temporary / "directions.npz"
            direction_files.write(path, directions.values())
        gradio = importlib.metadata.version("gradio")
        readme = _README.format(title=title, gradio=gradio)
        (temporary / "README.md").write_text(readme)
        (temporary / "app.py").write_text(_APP.format(title=title))
        (temporary / "requirements.txt").write_text(requirements())


def requirements():
    """Lines of what is installed here, in its versions."""
    versions = [(n, importlib.metadata.version(n)) for n in NEEDED]
    return "".join(f"{name}=={version}\n" for name, version in versions)


def _title(name):
    """A folder's name as that of a Python string, a title and a folder."""
    found = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "studio"
    # A name of digits alone is a version's.
    return f"network-{found}" if found.isdigit() else found


def _write_network(source, path):
    """A SavedModel as it is, anything else as one."""
    newest = model_card.newest(source)
    if newest is None:
        saved_model.write(checkpoint.load(source), path)
    else:
        shutil.copytree(newest, path / "1")
