"""One run, or several beside each other, as a page of samples and curves."""

import pathlib

import tensorflow as tf

from stylegan_tf.editing import histories
from stylegan_tf.editing.figures import curves, samples, training
from tests.editing import histories_test


def _rows(count, fid=()):
    rows = [
        {
            "images_seen": 1000 * (index + 1),
            "loss/generator": 1.0 + index,
            "loss/discriminator": 2.0,
            "penalty/r1": 0.5,
            "timing/sec_per_kimg": 9.0,
        }
        for index in range(count)
    ]
    for index, value in enumerate(fid):
        rows.append({"images_seen": 10_000 * index, "metrics/fid": value})
    return rows


def _drawn(runs, names=()):
    return training.draw(runs, training.panels(runs, names))


class TrainingTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir())

    def _run(self, name, rows, **options):
        histories_test.make_run(self.folder / name, rows=rows, **options)

    def test_one_run_shows_its_losses_and_what_was_measured(self):
        self._run("a", _rows(80, [300.0, 40.0, 9.0]), kimg=range(1, 20))
        figure = _drawn(histories.find([self.folder]))
        strip, fid, losses, penalty = figure.get_axes()
        labels = [each.get_text() for each in strip.get_xticklabels()]
        self.assertEqual(labels[0], "1 kimg")
        self.assertEqual(labels[-2:], ["19 kimg", "training set"])
        self.assertEqual(fid.get_title(), "fid")
        self.assertEqual(fid.get_yscale(), "log")
        self.assertAllEqual(fid.lines[0].get_ydata(), [300.0, 40.0, 9.0])
        self.assertEqual(losses.get_title(), "losses")
        names = [each.get_text() for each in losses.get_legend().texts]
        self.assertEqual(names, ["G", "D"])
        self.assertEqual(penalty.get_title(), "R1 penalty")

    def test_what_one_run_measured_once_is_text(self):
        self._run("a", _rows(2, [300.0]), kimg=())
        figure = _drawn(histories.find([self.folder]))
        self.assertLen(figure.get_axes(), 2)
        (part,) = figure.subfigs
        self.assertEqual(part.get_supxlabel(), "fid 300 at 0 kimg")

    def test_several_runs_share_panels_and_have_a_strip_each(self):
        for name in "ab":
            channels = {"a": 1, "b": 4}[name]
            rows = _rows(3, [5.0, 4.0])
            self._run(name, rows, shape=(8, 16), channels=channels)
        figure = _drawn(histories.find([self.folder]))
        *strips, fid, loss_of_g, _ = figure.get_axes()
        self.assertEqual([s.get_ylabel() for s in strips], ["a", "b"])
        self.assertLen(fid.lines, 2)
        self.assertLen(loss_of_g.lines, 2)
        colours = {line.get_color() for line in fid.lines}
        self.assertEqual(colours, set(curves.COLOURS[:2]))

    def test_rows_of_runs_align_in_time(self):
        self._run("a", _rows(1), kimg=(1, 2, 3))
        self._run("b", _rows(1), kimg=(2, 3, 5), channels=1)
        strips = samples.of_runs(
            histories.find([self.folder]), times=8, rows=1, width=9.0
        )
        a, b = strips
        times = [f"{kimg} kimg" for kimg in (1, 2, 3, 5)]
        self.assertEqual(a.labels, [*times, "training set"])
        self.assertEqual(b.labels, [""] * 5)  # it has the same data
        self.assertEqual(a.image.shape, b.image.shape)
        width = (a.image.shape[1] + 24) // 5
        firsts = [s.image[0, ::width, 0].tolist() for s in strips]
        self.assertEqual(firsts, [[1, 2, 3, 255, 20], [255, 2, 3, 5, 255]])

    def test_times_that_all_runs_have_come_first(self):
        made = [[1000, 2000, 4032, 8000], [4000, 6000, 8000, 9000]]
        self.assertEqual(
            samples.columns(made, 3), [[1000], [4000, 4032], [8000]]
        )
        self.assertEqual(samples.columns(made, 1), [[4000, 4032]])
        self.assertLen(samples.columns(made, 8), 6)

    def test_one_value_beside_a_curve_says_that_it_is_alone(self):
        self._run("a", _rows(1, [300.0, 40.0, 9.0]), kimg=())
        self._run("b", _rows(1, [25.0]), kimg=())
        fid, *_ = _drawn(histories.find([self.folder])).get_axes()
        self.assertEqual([t.get_text() for t in fid.texts], ["25, once"])

    def test_bars_of_other_times_say_so(self):
        self._run("a", [{"images_seen": 1000, "metrics/fid": 3.0}], kimg=())
        self._run("b", [{"images_seen": 2000, "metrics/fid": 4.0}], kimg=())
        (fid,) = _drawn(histories.find([self.folder]), ["fid"]).get_axes()
        labels = [t.get_text() for t in fid.get_xticklabels()]
        self.assertEqual(labels, ["a\n1 kimg", "b\n2 kimg"])

    def test_what_was_measured_once_is_compared_in_bars(self):
        for name in "ab":
            self._run(name, _rows(1, [5.0]), kimg=())
        runs = histories.find([self.folder])
        (fid,) = _drawn(runs, ["fid"]).get_axes()
        self.assertEqual([bar.get_height() for bar in fid.patches], [5.0, 5.0])

    def test_one_run_with_one_row_and_many_runs_are_drawn(self):
        row = {"images_seen": 1, "path_length/length": 1.0}
        row["path_length/mean"] = 2.0
        for index in range(10):
            self._run(f"run{index}", [row], kimg=())
        (one,) = _drawn(histories.find([self.folder / "run0"])).get_axes()
        self.assertLen(one.lines, 2)
        (many,) = _drawn(histories.find([self.folder])).get_axes()
        self.assertLen(many.patches, 10)

    def test_what_no_run_logged_is_refused_with_what_there_is(self):
        self._run("a", _rows(1))
        runs = histories.find([self.folder])
        with self.assertRaisesRegex(ValueError, "no kid.*loss/generator"):
            training.panels(runs, ["kid"])


if __name__ == "__main__":
    tf.test.main()
