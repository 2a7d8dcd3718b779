"""Our TFRecords: random access to what was written, and damage is told."""

import json
import os
import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import records, sources
from tests.helpers import data_sets


class RecordsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.get_temp_dir()) / "faces"

    def write(self, written=10, count=10, shards=4, labelled=True):
        writer = records.RecordWriter(
            self.path, name="faces", count=count, shards=shards
        )
        for i in range(written):
            label = i % 3 if labelled else None
            vector = np.eye(3)[i % 3] if labelled else None
            data = data_sets.encode(data_sets.pixels(i))
            writer.add(f"old/{i}.png", data, label=label, vector=vector)
        writer.finish({"image_shape": (8, 8, 3), "resolution": 8})

    def test_what_is_written_is_read_at_random(self):
        self.write()
        source = sources.open_source(self.path)
        self.assertLen(source, 10)
        self.assertEqual(source.name, "faces")
        self.assertAllEqual(source.labels.argmax(1), np.arange(10) % 3)
        for index in (9, 0, 3, 2, 8, 5):
            self.assertAllEqual(source.image(index), data_sets.pixels(index))
        shards = sorted(p.name for p in self.path.glob("*.tfrecord"))
        expected = [f"faces-{k:05d}-of-00004.tfrecord" for k in range(4)]
        self.assertEqual(shards, expected)

    def test_dataset_json_describes_the_shards(self):
        self.write()
        described = json.loads((self.path / "dataset.json").read_text())
        self.assertEqual(described["count"], 10)
        self.assertEqual(described["image_shape"], [8, 8, 3])
        self.assertEqual(
            [s["count"] for s in described["shards"]], [3, 3, 3, 1]
        )
        self.assertEqual(described["labels"][4], ["old/4.png", 1])

    def test_tensorflow_reads_the_examples(self):
        self.write()
        files = sorted(map(str, self.path.glob("*.tfrecord")))
        for i, data in enumerate(tf.data.TFRecordDataset(files)):
            feature = tf.train.Example.FromString(data.numpy())
            feature = feature.features.feature
            image = tf.io.decode_png(feature["image"].bytes_list.value[0])
            self.assertAllEqual(image, data_sets.pixels(i))
            self.assertAllEqual(
                feature["label"].float_list.value, np.eye(3)[i % 3]
            )
            name = feature["name"].bytes_list.value[0]
            self.assertEqual(name.decode(), f"old/{i}.png")

    def test_fewer_images_than_foreseen_leave_no_empty_shard(self):
        self.write(written=4)
        source = sources.open_source(self.path)
        self.assertLen(source, 4)
        self.assertAllEqual(source.image(3), data_sets.pixels(3))
        shards = sorted(p.name for p in self.path.glob("*.tfrecord"))
        expected = [f"faces-{k:05d}-of-00002.tfrecord" for k in range(2)]
        self.assertEqual(shards, expected)

    def test_without_labels_records_are_called_by_shard(self):
        self.write(labelled=False)
        source = sources.open_source(self.path)
        self.assertIsNone(source.labels)
        self.assertEqual(
            source.names[4], "faces-00001-of-00004.tfrecord: record 1"
        )

    def test_a_shard_cut_short_is_told(self):
        self.write()
        shard = self.path / "faces-00001-of-00004.tfrecord"
        whole = shard.read_bytes()
        shard.write_bytes(whole[:-5])
        with self.assertRaisesRegex(ValueError, "00001-of-00004.*cut short"):
            sources.open_source(self.path)
        file = records.RecordFile(self.path / "faces-00000-of-00004.tfrecord")
        self.assertLen(file, 3)

    def test_missing_or_extra_records_are_told(self):
        self.write()
        first = self.path / "faces-00000-of-00004.tfrecord"
        last = self.path / "faces-00003-of-00004.tfrecord"
        whole = last.read_bytes()
        last.write_bytes(first.read_bytes())
        with self.assertRaisesRegex(ValueError, "has 3 records.*says 1"):
            sources.open_source(self.path)
        last.write_bytes(whole)
        first.unlink()
        with self.assertRaisesRegex(FileNotFoundError, "00000.*is missing"):
            sources.open_source(self.path)

    def test_a_damaged_record_is_named(self):
        self.write()
        first = self.path / "faces-00000-of-00004.tfrecord"
        data = bytearray(first.read_bytes())
        data[12:40] = b"\xff" * 28
        first.write_bytes(data)
        source = sources.open_source(self.path)
        with self.assertRaisesRegex(
            ValueError,
            rf"old/0\.png.* record 0 of {first} is damaged, by its checksum",
        ):
            source.image(0)
        self.assertAllEqual(source.image(1), data_sets.pixels(1))

    @parameterized.parameters(0, 9)  # a byte of the length, and of its sum
    def test_a_damaged_length_is_told(self, byte):
        self.write()
        last = self.path / "faces-00003-of-00004.tfrecord"
        data_sets.flip(last, byte)
        with self.assertRaisesRegex(
            ValueError, f"{last} is damaged, .* length of record 0, .* checksum"
        ):
            sources.open_source(self.path)

    def test_a_tail_of_zeros_is_no_record(self):
        self.write()
        last = self.path / "faces-00003-of-00004.tfrecord"
        last.write_bytes(last.read_bytes() + bytes(16))
        with self.assertRaisesRegex(ValueError, "length of record 1"):
            records.RecordFile(last)

    def test_a_record_of_something_else_is_told(self):
        path = os.path.join(self.create_tempdir(), "text.tfrecord")
        with tf.io.TFRecordWriter(path) as writer:
            writer.write(b"\xff" * 28)
        with self.assertRaisesRegex(ValueError, "^no tf.train"):
            records.RecordFile(path).example(0)

    def test_a_damaged_record_without_a_name_is_named_once(self):
        self.write(labelled=False)
        data_sets.flip(self.path / "faces-00001-of-00004.tfrecord", 40)
        source = sources.open_source(self.path)
        file = f"{self.path}/faces-00001-of-00004.tfrecord"
        with self.assertRaisesRegex(
            ValueError,
            f"^{file}: record 0 cannot be used: damaged, by its checksum",
        ):
            source.image(3)

    def test_companions_and_extra_shards_are_told_apart(self):
        self.write()
        (self.path / "._faces-00000-of-00004.tfrecord").write_bytes(b"")
        (self.path / "old.tfrecord").write_bytes(b"")
        source = sources.open_source(self.path)
        self.assertLen(source, 10)
        self.assertEqual(source.others, ["old.tfrecord"])
        images = data_sets.folder(
            self.path.parent / "images", data_sets.files(2)
        )
        (images / "._faces-00000-of-00004.tfrecord").write_bytes(b"")
        self.assertLen(sources.open_source(images), 2)

    def test_shards_that_are_no_names_and_numbers_are_refused(self):
        self.write()
        where = self.path / "dataset.json"
        described = json.loads(where.read_text())
        for broken in ({"file": 5}, {"count": "3"}, {"count": None}):
            shards = [described["shards"][0] | broken]
            where.write_text(json.dumps(described | {"shards": shards}))
            with self.assertRaisesRegex(
                ValueError, "no dataset.json that desc"
            ):
                sources.open_source(self.path)

    @parameterized.parameters(0, 1, 40)  # bytes that are left of the last
    def test_a_shard_cut_short_after_it_was_opened_is_named(self, left):
        self.write()
        source = sources.open_source(self.path)
        last = self.path / "faces-00003-of-00004.tfrecord"
        os.truncate(last, 12 + left)
        with self.assertRaisesRegex(
            ValueError, rf"{last} is no longer whole: .* cut short"
        ):
            source.image(9)
        self.assertAllEqual(source.image(8), data_sets.pixels(8))

    def test_records_without_description_are_refused(self):
        self.write()
        (self.path / "dataset.json").write_text('{"labels": null}')
        with self.assertRaisesRegex(ValueError, "no dataset.json that desc"):
            sources.open_source(self.path)
        (self.path / "dataset.json").write_text(
            json.dumps({"format": records.FORMAT, "shards": [{}]})
        )
        with self.assertRaisesRegex(ValueError, "no dataset.json that desc"):
            sources.open_source(self.path)
