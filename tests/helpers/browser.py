"""A headless Chromium and a static server, for tests of pages.

Where there is no Chromium or no Playwright the test is skipped, by name.
Screenshots are kept in the folder of STYLEGAN_SCREENSHOTS, else in a
temporary one.
"""

import contextlib
import functools
import http.server
import os
import pathlib
import shutil
import tempfile
import threading
import unittest

# Playwright's own download is not taken: Debian's needs no other libraries.
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def page(width=1280, height=800, arguments=()):
    """A Playwright page in a browser of its own, for the block.

    For all tests of a class: `cls.enterClassContext(browser.page())`. While
    one is open its thread runs an event loop, so that `asyncio.run` fails.

    Args:
        width: Of the window, in CSS pixels; a phone's is 390.
        height: Likewise.
        arguments: More of Chromium's, such as "--enable-unsafe-webgpu".
    """
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise unittest.SkipTest("no Chromium: apt-get install chromium")
    try:
        from playwright import sync_api
    except ImportError as error:
        raise unittest.SkipTest("no Playwright: make venv") from error
    arguments = ["--no-sandbox", *arguments]  # root has no sandbox
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=arguments
        )
        with contextlib.closing(browser):
            size = {"width": width, "height": height}
            yield browser.new_page(viewport=size)


@contextlib.contextmanager
def serve(folder):
    """The address, without a slash, at which the block finds a folder.

    It is what `python -m http.server` does, on a free port of this machine.
    """
    handler = functools.partial(_Silent, directory=os.fspath(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def screenshot(page, name, *, full_page=True):
    """Keeps a picture of a page as NAME.png; returns its path."""
    path = _screenshots() / f"{name}.png"
    page.screenshot(path=path, full_page=full_page)
    return path


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@functools.cache
def _screenshots():
    given = os.environ.get("STYLEGAN_SCREENSHOTS")
    folder = pathlib.Path(given or tempfile.mkdtemp(prefix="screenshots-"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
