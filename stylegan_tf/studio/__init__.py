"""The Studio: a page of Gradio that makes, mixes and finds pictures.

page, options   what a server shows
serve           a server of its own
create, mix, walk, find   a tab each
controls        what the tabs share
saving          pictures, styles and films to take home
making          a visitor's choices to styles, styles to pictures
projecting      an image to styles, while the visitor watches
typed           what visitors type, checked
address         a picture as the page's address
first_sight     the first picture before Gradio runs
looks           colours, spacing, keys
space           the folder that Hugging Face Spaces takes
"""

import atexit
import os
import shutil
import signal
import tempfile
import threading

_SECONDS = 3600  # that files and visitors' states are kept for
_WAITING = 32  # pictures and projections; who comes next is told so


def page(generator, directions=None):
    """The Studio of a network, a `gradio.Blocks`; its first picture is made.

    Args:
        generator: A `generators.Bound`.
        directions: `direction_files.Direction`s by name; None for none.

    Raises:
        ValueError: If the directions are those of another network.
        ImportError: Without Gradio; says what to install.
    """
    gradio = _import_gradio()
    from stylegan_tf.studio import (
        create,
        find,
        first_sight,
        looks,
        making,
        mix,
        walk,
    )

    network = making.network(generator, directions)
    header = looks.header(network)
    with gradio.Blocks(
        title=f"{network.name} · Studio",
        analytics_enabled=False,
        delete_cache=(_SECONDS // 6, _SECONDS),
    ) as blocks:
        gradio.HTML(header, padding=False)
        with gradio.Tabs():
            with gradio.Tab("Create"):
                figure = create.build(network, blocks)
            if network.scales:
                with gradio.Tab("Mix"):
                    mix.build(network)
            with gradio.Tab("Walk"):
                walk.build(network)
            with gradio.Tab("Find"):
                find.build(network, seconds_kept=_SECONDS)
    blocks.first_sight = first_sight.html(header, figure)
    return blocks.queue(max_size=_WAITING, api_open=False)


def options(page):
    """What `launch` and `gradio.mount_gradio_app` are told, a dict.

    Args:
        page: What `page` gave.
    """
    from starlette import middleware

    from stylegan_tf.studio import first_sight, looks

    sight = middleware.Middleware(first_sight.Middleware, html=page.first_sight)
    return {
        "theme": looks.theme(),
        "css": looks.CSS,
        "head": looks.HEAD,
        "app_kwargs": {"middleware": [sight]},
        "footer_links": [],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "max_file_size": "32mb",
    }


def serve(page, say, **where):
    """Shows a page until the process is asked to end, then tidies up.

    Args:
        page: What `page` gave.
        say: Is told the page's address once it is there.
        **where: Of `launch`: server_name, server_port, share.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _, local, public = page.launch(
        prevent_thread_lock=True, quiet=True, **where, **options(page)
    )
    say(public or local)
    stop.wait()
    page.close(verbose=False)


def _import_gradio():
    """Gradio, which tells nobody and keeps its files in a folder of ours."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if "GRADIO_TEMP_DIR" not in os.environ:
        folder = tempfile.mkdtemp(prefix="stylegan-studio-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["GRADIO_TEMP_DIR"] = folder
    try:
        import gradio
    except ImportError as error:
        raise ImportError(
            "The Studio is shown with Gradio: `pip install "
            "'stylegan_tf[studio]'`, or `make venv`."
        ) from error
    return gradio
