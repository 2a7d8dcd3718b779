"""What README.md and docs/ say is what their own tables and the code hold."""

import itertools
import pathlib
import re

import tensorflow as tf

from configs import ada, progan, stylegan, stylegan2
from stylegan_tf.evaluation import names

_ROOT = pathlib.Path(__file__).parents[1]
_PAGES = (
    _ROOT / "README.md",
    _ROOT / "CONTRIBUTING.md",
    *sorted((_ROOT / "docs").glob("*.md")),
)
_PAPERS = (_ROOT / "docs" / "papers.md").read_text()
_LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
_WITHOUT_MAPPING = ("a", "b", "style-0")


def _measured():
    """The numbers of StyleGAN's tables at 32x32, by variant."""
    start = _PAPERS.index("| variant | | FID | KID |")
    rows = {}
    for line in _PAPERS[start:].splitlines()[2:]:
        if not line.startswith("|"):
            break
        variant, _, *cells = [
            each.strip() for each in line.strip("| ").split("|")
        ]
        fid, kid, z, w, separability = cells[:5]
        pairs = [
            tuple(map(float, each.split(" / ")))
            for each in (z, w, separability)
        ]
        rows[variant] = float(fid), float(kid), *pairs
    return rows


class RowsTest(tf.test.TestCase):
    def test_every_variant_is_listed(self):
        for module in (ada, progan, stylegan, stylegan2):
            file = module.__name__.split(".")[-1]
            (line,) = re.findall(
                rf"^\| `configs/{file}.py` \|.*$", _PAPERS, re.M
            )
            for variant in module.VARIANTS:
                self.assertIn(variant, _listed(line), module.__name__)

    def test_every_metric_that_is_named_exists(self):
        pattern = r"(?:fid|kid|is|cs|agree|pr|dc|ppl2?_?|ls|swd|msssim)\d+k\w*"
        text = "".join(page.read_text() for page in _PAGES)
        found = set(re.findall(rf"\b{pattern}\b", text))
        self.assertGreater(len(found), 15)
        for name in found:
            name = re.sub(
                r"(_psi\d*|_offline|_custom|_class_\w+|_real)$", "", name
            )
            base = re.sub(
                r"_(precision|recall|density|coverage|mean)$", "", name
            )
            names.parse(base)


class PagesTest(tf.test.TestCase):
    def test_links_lead_somewhere(self):
        for page in _PAGES:
            for path, heading in _LINK.findall(page.read_text()):
                if path.startswith("https://"):
                    continue
                target = (page.parent / path).resolve() if path else page
                self.assertTrue(target.exists(), f"{page.name}: {path}")
                if heading:
                    self.assertIn(heading, _headings(target), page.name)

    def test_every_page_is_listed(self):
        index = (_ROOT / "docs" / "README.md").read_text()
        for page in _PAGES:
            if page.parent == _ROOT / "docs" and page.name != "README.md":
                self.assertIn(f"({page.name})", index)

    def test_the_first_page_is_short(self):
        self.assertLess(len(_PAGES[0].read_text().splitlines()), 150)


def _headings(page):
    """Names that a page's headings have in links."""
    found = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return [re.sub(r"[^\w -]", "", f.lower()).replace(" ", "-") for f in found]


def _listed(line):
    """Variants that a line names, with what braces stand for."""
    words = " ".join(re.findall(r"`([^`]+)`", line)).split()
    return {each for word in words for each in _expanded(word)}


def _expanded(word):
    """`a{b,c}d` as abd and acd."""
    parts = [each.split(",") for each in re.split(r"[{}]", word)]
    return ["".join(each) for each in itertools.product(*parts)]


class AblationTest(tf.test.TestCase):
    """The paragraph below the table says what the table does."""

    def setUp(self):
        super().setUp()
        self.rows = _measured()
        start = _PAPERS.index("*What holds after 40")
        self.said = " ".join(_PAPERS[start : start + 1500].split())

    def test_w_is_smoother_and_more_separable_by_so_much(self):
        lengths, separabilities = [], []
        for variant, (_, _, z, w, separability) in self.rows.items():
            if variant not in _WITHOUT_MAPPING:
                lengths += [a / b for a, b in zip(z, w, strict=True)]
                separabilities.append(separability[0] / separability[1])
        self.assertIn(
            f"W is smoother than Z ({min(lengths):.2f} to {max(lengths):.2f} "
            "times",
            self.said,
        )
        low, high = min(separabilities), max(separabilities)
        self.assertIn(f"({low:.2f} to {high:.2f} times)", self.said)

    def test_without_a_mapping_the_separabilities_agree(self):
        for variant in _WITHOUT_MAPPING:
            z, w = self.rows[variant][4]
            self.assertAllClose(z, w, atol=0.011)

    def test_the_worst_are_named(self):
        fid = max(self.rows, key=lambda variant: self.rows[variant][0])
        kid = max(self.rows, key=lambda variant: self.rows[variant][1])
        self.assertEqual((fid, kid), ("traditional-8", "style-0"))
        self.assertIn("style-0 has b's FID and the worst KID", self.said)
        self.assertIn("traditional-8 has the worst FID of all", self.said)
        self.assertAllClose(
            self.rows["style-0"][0], self.rows["b"][0], atol=0.1
        )

    def test_depth_makes_z_longer_and_less_separable(self):
        for chain in (("b", "traditional-8"), ("style-1", "style-2", "f")):
            lengths = [self.rows[each][2][0] for each in chain]
            separabilities = [self.rows[each][4][0] for each in chain]
            self.assertEqual(lengths, sorted(lengths))
            self.assertEqual(separabilities, sorted(separabilities))
        in_w = {each: self.rows[each][4][1] for each in self.rows}
        self.assertLess(in_w["f"], min(in_w["style-1"], in_w["style-2"]))

    def test_what_helps_and_what_does_not(self):
        rows = self.rows
        self.assertLess(max(rows["c"][0], rows["d"][0]), rows["b"][0])
        self.assertGreater(rows["b"][0], rows["a"][0])
        self.assertLess(rows["b"][1], rows["a"][1])
        for column in (0, 2, 3):
            self.assertAllGreater(
                tf.constant(rows["e"][column]) - tf.constant(rows["d"][column]),
                0,
            )
        in_w = sorted(rows, key=lambda variant: rows[variant][4][1])
        self.assertEqual(in_w[:2], ["traditional-8", "b"])


if __name__ == "__main__":
    tf.test.main()
