"""The Studio in a real browser: each control changes the picture."""

import base64
import contextlib
import io
import pathlib
import re
import time
import traceback
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators, images, studio
from stylegan_tf.editing import direction_files, latent_files
from tests.helpers import browser

_NETWORK = "tests/fixtures/quickstart"
_WAIT = 20_000  # milliseconds, on a busy machine


def _directions(generator):
    layers, size = generator.ws_shape
    vectors = np.linalg.qr(np.random.RandomState(0).randn(size, 2))[0].T
    return {
        name: direction_files.Direction(name, vector, 0, layers, 3.0)
        for name, vector in zip(("smile", "age"), vectors, strict=True)
    }


@pytest.mark.slow
class PageTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.generator = generators.open(_NETWORK)
        cls.directions = _directions(cls.generator)
        cls.page = cls.enterClassContext(browser.page())
        cls.page.set_default_timeout(_WAIT)
        patch = mock.patch.object(traceback, "print_exc")
        cls.tracebacks = cls.enterClassContext(patch)
        made = studio.page(cls.generator, cls.directions)
        _, address, _ = made.launch(
            server_name="127.0.0.1",
            prevent_thread_lock=True,
            quiet=True,
            **studio.options(made),
        )
        cls.addClassCleanup(made.close, verbose=False)
        cls.address = address
        cls.asked = []
        cls.page.on("request", lambda request: cls.asked.append(request.url))

    def setUp(self):
        super().setUp()
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.page.goto(self.address)
        self.page.wait_for_selector("#create img")

    def tearDown(self):
        super().tearDown()
        self.tracebacks.assert_not_called()
        local = (self.address, "data:", "blob:")
        others = [url for url in self.asked if not url.startswith(local)]
        self.assertEmpty(others)

    def test_the_first_picture_is_there_at_once(self):
        seconds = []
        for _ in range(3):
            start = time.monotonic()
            self.page.goto(self.address, wait_until="commit")
            self.page.wait_for_selector("figure.made img")
            seconds.append(time.monotonic() - start)
            self.page.wait_for_selector("#create img")
            self.page.wait_for_selector("#first-sight", state="detached")
        self.assertLess(min(seconds), 1)
        self._assert_shows("#create", self._images(0, psi=0.7))

    def test_every_control_of_create_changes_the_picture(self):
        panel = self._tab("Create")
        self._changes("#create", lambda: panel.get_by_label("Seed").fill("7"))
        self._assert_shows("#create", self._images(7, psi=0.7))
        self.assertIn("seed=7&psi=0.7", self.page.url)
        sliders = panel.locator("input[type=range]").all()
        self.assertLen(sliders, 3)
        for slider in sliders:
            slider.focus()
            self._changes(
                "#create", lambda: self.page.keyboard.press("ArrowLeft")
            )
        reset = panel.locator("button[aria-label*=eset]").last
        self._changes("#create", reset.click)
        self._changes("#create", panel.get_by_label("Noise").click)
        self.assertIn("noise=0", self.page.url)
        self._changes("#create", panel.locator("button.random").click)
        self.page.locator("h1").click()
        self._changes("#create", lambda: self.page.keyboard.press("r"))

    def test_a_link_is_a_picture(self):
        query = "?seed=5&psi=-0.5&noise=0&direction=smile:1.5"
        self.page.goto(self.address + query)
        self._see("#create figcaption", "Seed 5")
        ws = self._ws(5, psi=-0.5)
        ws = direction_files.move(ws, self.directions["smile"], 1.5)
        self._assert_shows("#create", self.generator.images(ws, "none"))
        self.page.goto(f"{self.address}?seed=-5")
        self._assert_told("Seed must be a number from 0")

    def test_a_wrong_seed_is_a_sentence(self):
        before, address = self._source("#create"), self.page.url
        for text in ("-5", "1.5", "4294967296"):
            self._tab("Create").get_by_label("Seed").fill(text)
            self._assert_told(f"Received: {text}")
        self.assertEqual(self._source("#create"), before)
        self.assertEqual(self.page.url, address)

    def test_a_field_that_is_typed_anew_says_nothing(self):
        seed = self._tab("Create").get_by_label("Seed")
        seed.fill("")
        self.page.wait_for_timeout(500)
        self._changes("#create", lambda: seed.fill("6"))
        self.assertEqual(self.page.locator(".toast-body").count(), 0)

    def test_sliders_are_filled_from_zero(self):
        filled = self._tab("Create").locator(".from-zero input[type=range]")
        for index, zero, now in ((0, 40, 68), (1, 50, 50)):
            made = filled.nth(index).evaluate(
                "each => ['--slider-from', '--slider-to'].map(name =>"
                "  getComputedStyle(each).getPropertyValue(name))"
            )
            ends = f"({zero}%, {now}%)"
            self.assertEqual(made, [f"min{ends}", f"max{ends}"])

    def test_what_is_saved_is_what_is_shown(self):
        panel = self._tab("Create")
        self._changes("#create", lambda: panel.get_by_label("Seed").fill("3"))
        path = self._saved(panel, "Picture")
        self.assertEqual(path.name, "quickstart-seed3.png")
        expected = self._images(3, psi=0.7)
        self.assertLessEqual(_difference(path.read_bytes(), expected), 1)
        path = self._saved(panel, "Latent")
        self.assertEqual(path.name, "quickstart-seed3.npz")
        ws, _ = latent_files.fitting(path, self.generator)
        self.assertAllClose(ws, self._ws(3, psi=0.7), atol=1e-5)
        saved = []
        self.page.on("download", lambda each: saved.append(each))
        panel.get_by_label("Seed").fill("99999999999")
        panel.get_by_role("button", name="Latent").click()
        self._see(".toast-body.error", "Seed must be")
        self.page.wait_for_timeout(500)
        self.assertEmpty(saved)
        self.assertIn("seed=3&", self.page.url)

    def test_every_control_of_mix_changes_the_picture(self):
        panel = self._tab("Mix")
        seeds = panel.locator("input[type=number]")
        self._changes("#mix", lambda: seeds.nth(0).fill("4"))
        self._changes("#mix", lambda: seeds.nth(1).fill("5"))
        boxes = panel.locator("input[type=checkbox]").all()
        self.assertLen(boxes, 4)  # three scales, noise
        for box in boxes:
            self._changes("#mix", box.click)
        slider = panel.locator("input[type=range]")
        slider.focus()
        self._changes("#mix", lambda: self.page.keyboard.press("ArrowLeft"))
        for button in panel.locator("button.random").all():
            self._changes("#mix", button.click)

    def test_a_walk_is_a_film(self):
        panel = self._tab("Walk")
        hole = self.page.locator("#walk .hole").bounding_box()
        box = hole["width"], hole["height"]
        make = panel.get_by_role("button", name="Make the film")
        panel.get_by_label("Seeds").fill("1, x")
        make.click()
        self._assert_told("Seeds are whole numbers")
        panel.get_by_label("Seeds").fill("1, 2")
        seconds = panel.locator("input[type=number]").first
        seconds.fill("1")
        make.click()
        film = self.page.wait_for_selector("#walk img")
        address = film.evaluate("film => film.src")
        film = Image.open(io.BytesIO(self.page.request.get(address).body()))
        self.assertEqual((film.format, film.n_frames), ("WEBP", 24))
        panel.get_by_label("MP4").click()
        make.click()
        self.page.wait_for_function(
            "document.querySelector('#walk video')?.readyState >= 2"
        )
        frame = self.page.locator("#walk video").bounding_box()
        self.assertEqual([frame["width"], frame["height"]], [*box])
        path = self._saved(panel, "Save the film")
        self.assertEqual(path.name, "quickstart-walk.mp4")

    def test_an_upload_is_found_and_edited(self):
        self._upload(images.to_png(self._images(8)[0]))
        panel = self._find(steps=50)
        self._see("#progress p", "Step 50 of 50")
        panel.get_by_text("Mix with a seed").click()
        box = panel.locator("input[type=checkbox]:visible").first
        self._changes("#found", box.click)
        for slider in panel.locator("input[type=range]:visible").all()[1:]:
            slider.focus()
            self._changes(
                "#found", lambda: self.page.keyboard.press("ArrowRight")
            )
        path = self._saved(panel, "Latent")
        latents = latent_files.fitting(path, self.generator)
        self._assert_shows("#found", self.generator.images(*latents))
        self._assert_nobody_else_sees_it()
        self.assertEqual(path.name, "quickstart-found-changed.npz")
        self._see("#found figcaption", "Found, then changed")
        self._changes("#found", panel.get_by_label("Noise").click)
        browser.screenshot(self.page, "studio-find")

    def test_a_projection_stops(self):
        self._upload(images.to_png(self._images(8)[0]))
        panel = self._find(steps=1000)
        self._see("#progress p", re.compile("distance"))
        panel.get_by_role("button", name="Stop").click()
        self.page.wait_for_selector("#found-file", state="attached")
        panel.get_by_role("button", name="Latent").wait_for()
        said = panel.locator("#progress p").inner_text()
        self.page.wait_for_timeout(1500)
        self.assertEqual(panel.locator("#progress p").inner_text(), said)
        self._find(steps=50)  # nobody waits for the one that was stopped
        self._see("#progress p", "Step 50 of 50")

    @parameterized.parameters(
        (b"", "empty file"),
        (b"no image", "not an image"),
        (images.to_png(np.zeros((64, 64, 3), np.uint8))[:60], "damaged"),
        (None, "Give an image first"),
    )
    def test_a_bad_upload_is_a_sentence(self, content, reason):
        if content is not None:
            self._upload(content)
        else:
            self._tab("Find")
        self._find(steps=50)
        self._assert_told(reason)

    @parameterized.parameters(1280, 390)
    def test_it_fits_the_window(self, width):
        self.page.set_viewport_size({"width": width, "height": 844})
        for name in ("Create", "Mix", "Walk", "Find"):
            self._tab(name)
            needed = self.page.evaluate("document.body.scrollWidth")
            self.assertLessEqual(needed, width, name)
            browser.screenshot(self.page, f"studio-{name.lower()}-{width}")

    def _tab(self, name):
        self.page.get_by_role("tab", name=name).click()
        panel = self.page.locator("[role=tabpanel]:visible").first
        panel.locator("button:visible").first.wait_for()
        return panel

    def _upload(self, content):
        panel = self._tab("Find")
        file = {"name": "a.png", "mimeType": "image/png", "buffer": content}
        panel.locator("#upload input[type=file]").set_input_files(file)
        panel.locator("#upload img").wait_for()

    def _find(self, steps):
        panel = self.page.locator("[role=tabpanel]:visible").first
        panel.locator("input[type=number]").first.fill(str(steps))
        panel.get_by_role("button", name="Find it").click()
        return panel

    def _saved(self, panel, name):
        with self.page.expect_download() as saved:
            panel.get_by_role("button", name=name).click()
        name = saved.value.suggested_filename
        path = pathlib.Path(self.create_tempdir().full_path, name)
        saved.value.save_as(path)
        return path

    def _see(self, place, text):
        found = self.page.locator(place).filter(has_text=text)
        found.wait_for(timeout=2 * _WAIT)

    def _assert_told(self, text):
        self._see(".toast-body", text)

    def _assert_nobody_else_sees_it(self):
        other = self.page.context.browser.new_page()
        with contextlib.closing(other):
            other.goto(self.address)
            other.get_by_role("tab", name="Find").click()
            other.wait_for_selector("#found .hole")
            self.assertEqual(other.locator("#found img").count(), 0)

    def _source(self, place):
        return self.page.locator(f"{place} img").get_attribute("src")

    def _changes(self, place, act):
        before = self._source(place)
        act()
        self.page.wait_for_function(
            "([place, before]) => "
            "document.querySelector(`${place} img`).src !== before",
            arg=[place, before],
        )

    def _ws(self, seed, psi=1.0):
        z = self.generator.latents([seed])
        return self.generator.map(z, truncation_psi=psi)

    def _images(self, seed, psi=1.0):
        return self.generator.images(self._ws(seed, psi))

    def _assert_shows(self, place, expected):
        self.page.wait_for_timeout(300)
        data = base64.b64decode(self._source(place).partition(",")[2])
        self.assertLessEqual(_difference(data, expected), 1)


def _difference(png, expected):
    """Levels between a PNG and the only one of some images, at most."""
    made = np.asarray(Image.open(io.BytesIO(png)), int)
    return np.abs(made - expected[0]).max()


if __name__ == "__main__":
    tf.test.main()
