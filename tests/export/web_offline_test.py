"""The page without a network, in threads, and after another export."""

import contextlib
import pathlib
import shutil

import onnx
import pytest
import tensorflow as tf

from tests.export import web_page_test
from tests.helpers import browser, sites

_HASH = "#seed=5&psi=0.7"
_COPIES = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) =>
    (await (await caches.open(name)).keys()).map((each) => each.url)));
  return all.flat();
}"""
_ISOLATED = "crossOriginIsolated"
_REGISTERED = """async () => {
  const all = await navigator.serviceWorker.getRegistrations();
  return all.map((each) => each.scope);
}"""
_WAIT_MILLISECONDS = 20_000


@pytest.mark.slow
class WebOfflineTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(browser.page()).context.browser

    def setUp(self):
        super().setUp()
        root = pathlib.Path(self.create_tempdir().full_path)
        self.folder = root / "faces"
        shutil.copytree(sites.site("quickstart"), self.folder)
        server = self.enterContext(contextlib.ExitStack())
        self.origin = server.enter_context(browser.serve(root))
        self.address = f"{self.origin}/faces/"
        self.stop_server = server.close
        self.complaints = []
        self.page = self.new_page()

    def new_page(self):
        """A page that was never here."""
        context = self.enterContext(
            contextlib.closing(self.browser.new_context())
        )
        page = context.new_page()
        web_page_test.watch(page, self.complaints)
        return page

    def visit(self, page):
        """The picture that it shows."""
        page.goto("about:blank")
        page.goto(self.address + _HASH)
        return web_page_test.settled(page)

    def wait_for_copies(self):
        """Until all that was used is kept, and nothing else."""
        files = [each for each in self.folder.rglob("*") if each.is_file()]
        names = {each.relative_to(self.folder).as_posix() for each in files}
        unused = {
            each
            for each in names
            if each.endswith(("LICENSE", "service.js", ".webmanifest"))
            or "asyncify" in each
            or "webgpu" in each
        }
        names = names - unused - {"index.html"} | {""}
        expected = sorted(self.address + each for each in names)
        for _ in range(_WAIT_MILLISECONDS // 100):
            copies = sorted(self.page.evaluate(_COPIES))
            if copies == expected:
                return
            self.page.wait_for_timeout(100)
        self.assertEqual(copies, expected)

    def assertSame(self, shown, expected):
        self.assertLessEqual(web_page_test.levels(shown, expected), 1)

    def change_network(self):
        path = self.folder / "model" / "mapping.onnx"
        model = onnx.load(path)
        for each in model.graph.initializer:
            array = onnx.numpy_helper.to_array(each)
            if array.dtype == "float32" and array.ndim == 2:
                changed = onnx.numpy_helper.from_array(-array, each.name)
                each.CopyFrom(changed)
        onnx.save(model, path)

    def test_once_seen_it_opens_without_a_server(self):
        before = self.visit(self.page)
        self.assertFalse(self.page.evaluate(_ISOLATED))
        self.wait_for_copies()
        self.stop_server()
        self.assertSame(self.visit(self.page), before)
        self.page.goto(f"{self.address}index.html?runtime=wasm{_HASH}")
        self.assertSame(web_page_test.settled(self.page), before)

    def test_the_second_visit_runs_in_threads(self):
        path = self.folder / "runtime.js"
        text = path.read_text().replace("navigator.hardwareConcurrency", "4")
        path.write_text(text)
        before = self.visit(self.page)
        self.assertLen(self.page.workers, 1)
        self.wait_for_copies()
        self.assertSame(self.visit(self.page), before)
        self.assertTrue(self.page.evaluate(_ISOLATED))
        self.assertLen(self.page.workers, 2)
        self.assertEmpty(self.complaints)

    def test_another_export_is_what_the_next_visit_shows(self):
        before = self.visit(self.page)
        self.wait_for_copies()
        self.change_network()
        after = self.visit(self.new_page())
        self.assertGreater(web_page_test.levels(before, after), 8)
        self.assertSame(self.visit(self.page), after)
        self.wait_for_copies()
        self.stop_server()
        self.assertSame(self.visit(self.page), after)

    def test_copies_of_two_exports_are_never_mixed(self):
        self.visit(self.page)
        self.wait_for_copies()
        self.change_network()
        # A visit that ends before it has all.
        self.page.context.route("**/synthesis.onnx", lambda each: each.abort())
        self.page.goto("about:blank")
        self.page.goto(self.address)
        self.page.locator("#notice").get_by_text("reached").wait_for()
        mapping, synthesis = (
            f"{self.address}model/{part}.onnx"
            for part in ("mapping", "synthesis")
        )
        for _ in range(_WAIT_MILLISECONDS // 100):  # it is kept afterwards
            names = self.page.evaluate(_COPIES)
            if mapping in names and synthesis not in names:
                break
            self.page.wait_for_timeout(100)
        self.assertIn(mapping, names)
        self.assertNotIn(synthesis, names)

    def test_what_else_lives_there_is_left_alone(self):
        self.visit(self.page)
        self.wait_for_copies()
        scopes = self.page.evaluate(_REGISTERED)
        self.assertEqual(scopes, [self.address])
        for name in ("faces/about.html", "other.html"):
            (self.folder.parent / name).write_text("<p>Another page</p>")
            self.page.goto(f"{self.origin}/{name}")
            self.assertFalse(self.page.evaluate(_ISOLATED))
        (self.folder / "index.html").write_text("<p>Another page</p>")
        self.page.goto(self.address)
        self.page.goto(self.address)
        self.assertFalse(self.page.evaluate(_ISOLATED))
        self.assertEmpty(self.page.evaluate(_REGISTERED))
        self.assertEmpty(self.page.evaluate(_COPIES))


if __name__ == "__main__":
    tf.test.main()
