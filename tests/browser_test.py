"""The browser of the tests shows a folder, and keeps what it showed."""

import pathlib

import pytest
import tensorflow as tf
from PIL import Image

from tests.helpers import browser

_PAGE = """<!doctype html><meta charset="utf-8"><title>Faces</title>
<script type="module">
import {word} from "./word.mjs";
document.body.textContent = word;
</script>"""


@pytest.mark.slow
class BrowserTest(tf.test.TestCase):
    def test_modules_run_and_the_window_has_its_size(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        (folder / "index.html").write_text(_PAGE)
        (folder / "word.mjs").write_text('export const word = "ready";')
        with (
            browser.serve(folder) as address,
            browser.page(width=390, height=700) as page,
        ):
            page.goto(f"{address}/index.html")
            page.wait_for_function("document.body.textContent === 'ready'")
            self.assertEqual(page.title(), "Faces")
            kept = browser.screenshot(page, "browser-test")
        self.assertEqual(Image.open(kept).size, (390, 700))


if __name__ == "__main__":
    tf.test.main()
