"""Tables of text."""

import tensorflow as tf

from stylegan_tf import columns

_ROWS = [("name", "value", "by"), ("fid", "9.5", "-"), ("is", "12.25", "x")]


class ColumnsTest(tf.test.TestCase):
    def test_columns_are_as_wide_as_their_widest_cell(self):
        self.assertEqual(
            columns.aligned(_ROWS, right=(1,), indent=" "),
            " name  value  by\n fid     9.5  -\n is    12.25  x",
        )

    def test_no_line_ends_in_spaces(self):
        self.assertEqual(columns.aligned([("a", ""), ("b", "c")]), "a\nb  c")

    def test_markdown_has_a_rule_that_aligns(self):
        self.assertEqual(
            columns.markdown(_ROWS),
            "| name | value | by |\n"
            "| :--- | ----: | -: |\n"
            "| fid  |   9.5 |  - |\n"
            "| is   | 12.25 |  x |",
        )


if __name__ == "__main__":
    tf.test.main()
