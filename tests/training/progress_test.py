"""The progress bar, and what is printed after it."""

import contextlib
import io

import tensorflow as tf

from stylegan_tf.training import progress


class ProgressTest(tf.test.TestCase):
    def test_an_error_amid_training_has_a_line_of_its_own(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            with contextlib.suppress(ValueError):
                with progress.bar(1000, 0) as bar:
                    bar.update(8)
                    raise ValueError
            print("train: the disk is full", file=errors)
        *_, before, last, end = errors.getvalue().split("\n")
        self.assertIn("1.00k img", before)
        self.assertEqual([last, end], ["train: the disk is full", ""])

    def test_preparing_is_told_and_does_not_count(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            with progress.bar(1000, 0) as bar:
                progress.prepare(bar)
                self.assertIn("preparing the steps", errors.getvalue())
                bar.start_t -= 3600  # as if it had taken an hour
                bar.last_print_t -= 3600
                progress.begin(bar)
                bar.update(8)
        last = errors.getvalue().split("\r")[-1]
        self.assertNotIn("1:00:00", last)
        self.assertNotIn("preparing", last)

    def test_a_bar_that_is_not_shown_prints_nothing(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            with progress.bar(1000, 0, visible=False) as bar:
                progress.prepare(bar)
                progress.begin(bar)
                bar.update(8)
        self.assertEqual(errors.getvalue(), "")


if __name__ == "__main__":
    tf.test.main()
