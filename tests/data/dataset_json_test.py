"""dataset.json finds its images however their paths are spelled."""

import os
import pathlib
import unicodedata

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import labels, sources
from stylegan_tf.doctor import datasets, findings
from stylegan_tf.training import inputs
from tests.helpers import data_sets, support

_IMAGE = data_sets.encode(data_sets.pixels(0))
_CAFE = "caf\u00e9.png"  # composed, as most systems write it


class SpellingTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    @parameterized.parameters(
        (["a/1.png", "a/2.png"], ["a\\1.png", "a\\2.png"]),
        (["1.png", "2.png"], ["./1.png", ".\\2.png"]),
        (["a/1.png", "a/2.png"], ["a//1.png", "a/b/../2.png"]),
        (["a\\1.png", "2.png"], ["a\\1.png", "2.png"]),
        ([unicodedata.normalize("NFD", _CAFE), "2.png"], [_CAFE, "2.png"]),
        ([_CAFE, "z.png"], [unicodedata.normalize("NFD", _CAFE), "z.png"]),
    )
    def test_labels_and_attributes_are_found(self, names, listed):
        files = data_sets.metadata(
            dict(zip(listed, [1, 0], strict=True)), attributes={"age": [7, 8]}
        )
        files |= {name: _IMAGE for name in names}
        for source in (
            sources.open_source(data_sets.folder(self.root / "f", files)),
            sources.open_source(data_sets.zipped(self.root / "z.zip", files)),
        ):
            order = source.labels[:, 0].astype(int)
            self.assertAllEqual(sorted(order), [0, 1])
            ages = np.array(source.attributes["age"])
            self.assertAllEqual(ages, np.where(order, 8, 7))

    def test_names_made_on_windows_have_folders(self):
        files = {"cats\\1.png": _IMAGE, "dogs\\2.png": _IMAGE}
        source = sources.open_source(
            data_sets.zipped(self.root / "w.zip", files)
        )
        self.assertEqual(source.class_names, ["cats", "dogs"])
        self.assertEqual(source.names, ["cats/1.png", "dogs/2.png"])

    @parameterized.parameters("photos", "a/b")
    def test_a_folder_around_everything_may_hold_it(self, around):
        files = {"1.png": _IMAGE, "2.png": _IMAGE}
        files |= data_sets.metadata(
            {"1.png": 1, "2.png": 0}, attributes={"age": [7, 8]}
        )
        files = {f"{around}/{name}": data for name, data in files.items()}
        files["readme.txt"] = b"x"
        for source in (
            sources.open_source(data_sets.folder(self.root / "f", files)),
            sources.open_source(data_sets.zipped(self.root / "z.zip", files)),
        ):
            self.assertAllEqual(source.labels.argmax(1), [1, 0])
            self.assertEqual(source.attributes, {"age": [7, 8]})
            self.assertEqual(source.others, ["readme.txt"])
            self.assertEmpty(source.notes)

    def test_one_that_does_not_speak_for_all_is_told(self):
        files = {"train/1.png": _IMAGE, "test/2.png": _IMAGE}
        files["train/dataset.json"] = b'{"labels": [["1.png", 0]]}'
        source = sources.open_source(data_sets.folder(self.root / "f", files))
        self.assertIn("train/dataset.json has no say", source.notes[0])
        self.assertEqual(source.class_names, ["test", "train"])

    def test_one_without_labels_leaves_the_folders(self):
        files = {"a/1.png": _IMAGE, "b/2.png": _IMAGE}
        files["dataset.json"] = b'{"attributes": {"age": [7, 8]}}'
        source = sources.open_source(data_sets.folder(self.root / "f", files))
        self.assertEqual(source.class_names, ["a", "b"])
        self.assertEqual(source.attributes, {"age": [7, 8]})
        self.assertEmpty(source.notes)


class MistakesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("a.PNG", r"e.g. a.png \(it has a.PNG: upper and lower case differ\)"),
        ("x/a.png", r"e.g. a.png \(it has x/a.png, another folder\)"),
        ("b.png", r"e.g. a.png \(it has b.png\)"),
        ("\x1b.png", r"\(it has \\x1b.png\)"),
    )
    def test_a_missing_label_says_what_there_is(self, listed, message):
        told = labels.parse(b'{"labels": [["%s", 0]]}' % b"z", "d")
        told["labels"] = [[listed, 0]]
        with self.assertRaisesRegex(ValueError, message):
            labels.labels_of(told, ["a.png"], "d")

    def test_two_labels_of_one_image_are_refused(self):
        entries = {"labels": [["a.png", 0], ["./a.png", 0], ["a.png", 1]]}
        self.assertAllEqual(
            labels.labels_of({"labels": entries["labels"][:2]}, ["a.png"], "d"),
            [0],
        )
        with self.assertRaisesRegex(ValueError, "two labels for a.png"):
            labels.labels_of(entries, ["a.png"], "d")

    @parameterized.parameters(
        (b"[" * 100_000, "not valid JSON"),
        (b'{"labels": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not valid"),
        (b"\xff\xfe\xfa", "not valid JSON"),
        (b'{"labels": [["a.png", 1e400]]}', "integers from 0"),
        (b'{"labels": [["a.png", [1, 1e400]]]}', "finite numbers"),
        (b'{"labels": [["a.png", [NaN]]]}', "finite numbers"),
        (b'{"labels": [["a.png", 1%s]]}' % (b"0" * 5000), "not valid JSON"),
        (b'{"labels": {"a.png": 0}}', "list of pairs"),
        (b'{"labels": [[0, "a.png"]]}', "list of pairs"),
        (b'{"labels": 3}', "list of pairs"),
    )
    def test_what_no_tool_writes_is_one_line(self, data, message):
        root = pathlib.Path(self.create_tempdir().full_path)
        data_sets.folder(root, {"a.png": _IMAGE, "dataset.json": data})
        with self.assertRaisesRegex(ValueError, message) as context:
            sources.open_source(root)
        self.assertLen(str(context.exception).splitlines(), 1)
        self.assertLess(len(str(context.exception)), 500)


class NotesTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    def test_they_reach_who_prepares_who_trains_and_the_doctor(self):
        files = {name: _IMAGE for name in ("a/1.png", "b/2.png", "x.png")}
        data_sets.folder(self.root / "in", files)
        report, output = data_sets.prepared(self.root / "in", self.root / "out")
        note = "1 image beside the class folders (x.png), so no classes."
        self.assertIn(note, "\n".join(report.lines()))
        row, *_ = datasets.labels(sources.open_source(self.root / "in"))
        self.assertEqual(row.mark, findings.WARN)
        self.assertIn(note, row.remedy)
        config = support.small_config()
        config.data.path, config.data.use_labels = str(self.root / "in"), True
        with self.assertRaises(ValueError) as context:
            inputs.open_data(config)
        self.assertIn(note, str(context.exception))

    @parameterized.parameters(
        ('{"Labels": [["1.png", 0]]}', "Labels. Did you mean `Labels`?"),
        ('{"LABELS": []}', "LABELS. Did you mean `LABELS`?"),
        ('{"x": 1, "label": []}', "x, label. Did you mean `label`?"),
        ('{"a\\u001b": 1, "attributes": {}}', "a\\x1b, attributes."),
        ('{"1": 0, "2": 0, "3": 0, "4": 0, "5": 0, "6": 0}', "4, 5, ...."),
        ("{}", "none."),
    )
    def test_one_without_labels_says_what_it_has(self, text, told):
        files = {"1.png": _IMAGE, "dataset.json": text.encode()}
        data_sets.folder(self.root / "in", files)
        report, _ = data_sets.prepared(self.root / "in", self.root / "out")
        (note,) = report.source.notes
        self.assertStartsWith(note, "dataset.json has no `labels`. Its keys: ")
        self.assertIn(told, note)
        self.assertEqual("call it `labels`." in note, "Did" in told)
        self.assertIn(
            f"labels:     none\n            {note}", "\n".join(report.lines())
        )

    def test_attributes_that_are_left_out_are_told(self):
        files = {"1.png": _IMAGE, "2.png": _IMAGE}
        lists = {"age": [1, 2], "hair\x1b": [1, 2, 3], "hat": "no"}
        told = data_sets.metadata({"1.png": 0, "2.png": 1}, attributes=lists)
        source = sources.open_source(
            data_sets.folder(self.root / "in", files | told)
        )
        self.assertEqual(source.attributes, {"age": [1, 2]})
        self.assertLen(source.notes, 1)
        self.assertIn("list of 2 values", source.notes[0])
        self.assertEndsWith(source.notes[0], ": hair\\x1b, hat")
        told = data_sets.metadata({"1.png": 0, "2.png": 1}, attributes=[1, 2])
        source = sources.open_source(
            data_sets.folder(self.root / "no", files | told)
        )
        self.assertIn("it is no object", source.notes[0])

    def test_classes_that_count_from_one_are_told(self):
        files = {"1.png": _IMAGE, "2.png": _IMAGE}
        files |= data_sets.metadata({"1.png": 1, "2.png": 2})
        data_sets.folder(self.root / "in", files)
        report, _ = data_sets.prepared(self.root / "in", self.root / "out")
        self.assertIn("subtract 1 from each", "\n".join(report.lines()))

    def test_names_that_are_no_utf_8_keep_their_labels(self):
        odd = os.fsdecode(b"caf\xe9.png")
        files = {odd: _IMAGE, "2.png": _IMAGE}
        files |= data_sets.metadata({odd: 1, "2.png": 0})
        data_sets.folder(self.root / "in", files)
        for format in ("records", "zip", "folder"):
            output = self.root / f"{format}{'.zip' * (format == 'zip')}"
            data_sets.prepared(self.root / "in", output, format=format)
            source = sources.open_source(output)
            self.assertAllEqual(source.labels.argmax(1), [0, 1])
            "\n".join(map(source.file, range(2))).encode()


if __name__ == "__main__":
    tf.test.main()
