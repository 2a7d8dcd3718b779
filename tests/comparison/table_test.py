"""The table's text: digits, dashes, alignment."""

import json
import pathlib

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import files
from stylegan_tf.comparison import runs, table

_RUNS = [
    runs.Run(
        "traditional-8",
        generator_parameters=428723,
        discriminator_parameters=288993,
        kimg=70.016,
        images_per_second=123.6,
        seconds=618.0,
        metrics={"fid5k": 31.41592},
        published={"FID": 4.87},
    ),
    runs.Run("b", "failed with exit code 1"),
]
_ABOUT = {
    "command": "python -m tools.ablate",
    "data": "bundled",
    "image_count": 12000,
    "image_shape": [32, 64, 3],
    "software": {"keras": "3.15.1"},
    "machine": "two cores",
    "date": "today",
}


class TableTest(tf.test.TestCase, parameterized.TestCase):
    def test_rows_are_aligned_and_unknown_figures_are_dashes(self):
        lines = table.table(_RUNS).splitlines()
        self.assertLen(set(map(len, lines)), 1)
        cells = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in lines
        ]
        self.assertEqual(cells[0][-2:], ["fid5k", "FID (paper)"])
        self.assertEqual(
            cells[2],
            "traditional-8 428,723 288,993 70.02 124 10.3 31.42 4.87".split(),
        )
        self.assertEqual(cells[3], ["b", *"-------"])

    def test_below_it_is_how_it_was_made(self):
        text = table.markdown(_RUNS, _ABOUT)
        self.assertIn("- b: failed with exit code 1\n", text)
        self.assertNotIn("- traditional-8:", text)
        self.assertIn("```\npython -m tools.ablate\n```", text)
        self.assertIn("bundled, 12,000 images, at 64x32.", text)
        self.assertIn("keras 3.15.1", text)

    def test_json_holds_every_figure(self):
        told = json.loads(table.to_json(_RUNS, _ABOUT))
        self.assertEqual(told["date"], "today")
        first, second = told["variants"]
        self.assertEqual(first["metrics"], {"fid5k": 31.41592})
        self.assertIsNone(second["kimg"])

    def test_about_counts_the_images_or_says_that_it_can_not(self):
        config = config_lib.Config(resolution=32)
        told = table.about(config, command="c", seeds=[0])
        self.assertEqual(told["image_count"], 12000)
        self.assertEqual(told["seeds"], [0])
        config.data.path = "nowhere"
        told = table.about(config, command="c")
        self.assertIsNone(told["image_count"])
        self.assertIn("nowhere, - images", table.markdown(_RUNS, told))

    @parameterized.parameters(
        (None, "-"),
        (0.0, "0"),
        (70.0, "70"),
        (0.0125, "0.0125"),
        (1234567.8, "1,234,568"),
        (-31.41592, "-31.42"),
        (99.999, "100"),
        (0.000123456, "0.0001235"),
    )
    def test_numbers_have_four_digits_and_no_exponent(self, value, text):
        self.assertEqual(table.rounded(value, 4), text)

    def test_a_file_is_replaced_as_a_whole(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "table.md"
        for text in ("one\n", "two\n"):
            files.write(path, text)
            self.assertEqual(path.read_text(), text)
        self.assertEqual([*path.parent.iterdir()], [path])


if __name__ == "__main__":
    tf.test.main()
