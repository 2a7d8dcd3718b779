"""Any pile of images becomes a trainable data set, and bad ones are named."""

import pathlib
import shutil

import numpy as np
import tensorflow as tf
from PIL import Image

from stylegan_tf.data import pipeline, prepare, sources
from tests.helpers import data_sets

ROOT = pathlib.Path(__file__).parents[2]


class PrepareTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir())

    def assert_same(self, path, other):
        ours, theirs = sources.open_source(path), sources.open_source(other)
        self.assertLen(ours, len(theirs))
        for index in range(len(ours)):
            self.assertAllEqual(ours.image(index), theirs.image(index))
        self.assertAllEqual(ours.labels, theirs.labels)
        self.assertEqual(ours.attributes, theirs.attributes)
        self.assertEqual(ours.class_names, theirs.class_names)

    def labelled_zip(self):
        files = data_sets.files(9)
        labels = {name: i % 3 for i, name in enumerate(files)}
        more = data_sets.metadata(
            labels,
            class_names=["a", "b", "c", "never seen"],
            attributes={"age": list(range(9))},
            licence="CC0",
        )
        return data_sets.zipped(self.root / "in.zip", files | more)

    def test_zip_to_records_to_folder_to_zip_loses_nothing(self):
        start = self.labelled_zip()
        _, one = data_sets.prepared(start, self.root / "one", format="records")
        _, two = data_sets.prepared(one, self.root / "two", format="folder")
        _, three = data_sets.prepared(
            two, self.root / "three.zip", format="zip"
        )
        for path in (one, two, three):
            self.assert_same(path, start)
        self.assertEqual(sources.open_source(three).metadata["licence"], "CC0")
        self.assertEqual(sources.open_source(one).labels.shape, (9, 4))

    def test_what_is_skipped_is_what_the_first_images_are(self):
        start = self.labelled_zip()
        _, first = data_sets.prepared(start, self.root / "a", max_images=4)
        report, rest = data_sets.prepared(
            start, self.root / "b", skip_images=4, processes=2
        )
        self.assertEqual(report.kept, [4, 5, 6, 7, 8])
        first, rest = map(sources.open_source, (first, rest))
        self.assertAllEqual(first.labels.argmax(1), [0, 1, 2, 0])
        self.assertAllEqual(rest.labels.argmax(1), [1, 2, 0, 1, 2])
        self.assertEqual(rest.attributes, {"age": [4, 5, 6, 7, 8]})
        self.assertAllEqual(rest.image(0), data_sets.pixels(4))

    def test_bad_images_are_not_counted_as_skipped(self):
        files = data_sets.files(6)
        files["00000/img00000001.png"] = b"bad"
        start = data_sets.folder(self.root / "in", files)
        kept = {}
        for name, chosen in (
            ("first", {"max_images": 2}),
            ("middle", {"skip_images": 2, "max_images": 2}),
            ("last", {"skip_images": 4}),
        ):
            report, _ = data_sets.prepared(start, self.root / name, **chosen)
            kept[name] = report.kept
        self.assertEqual(kept, {"first": [0, 2], "middle": [3, 4], "last": [5]})
        with self.assertRaisesRegex(ValueError, "--skip_images=5 leaves none"):
            data_sets.prepared(start, self.root / "none", skip_images=5)
        self.assertFalse((self.root / "none").exists())

    def test_official_records_can_be_prepared(self):
        images = np.stack([data_sets.pixels(i) for i in range(5)])
        labels = np.eye(3, dtype=np.float32)[[0, 1, 1, 0, 1]]
        start = data_sets.official_records(self.root / "r", {3: images}, labels)
        _, path = data_sets.prepared(start, self.root / "own")
        source = sources.open_source(path)
        self.assertAllEqual(source.labels, labels)
        self.assertAllEqual(source.image(3), images[3])

    def test_label_vectors_survive(self):
        files = data_sets.files(2)
        vectors = [[0.1, 0.5], [-3.0, 1e-6]]
        labels = dict(zip(files, vectors, strict=True))
        start = data_sets.zipped(
            self.root / "v.zip", files | data_sets.metadata(labels)
        )
        for format in ("records", "zip"):
            _, path = data_sets.prepared(
                start, self.root / f"{format}.zip"[:7], format=format
            )
            labels = sources.open_source(path).labels
            self.assertAllEqual(labels, np.float32(vectors))

    def test_conversions_are_counted(self):
        grey16 = np.full([8, 8], 40000, np.uint16)
        files = {
            "cmyk.jpg": data_sets.encode(Image.new("CMYK", (8, 8)), "JPEG"),
            "deep.png": data_sets.encode(Image.fromarray(grey16)),
            "grey.png": data_sets.encode(data_sets.pixels(0, channels=1)),
            "large.png": data_sets.encode(data_sets.pixels(0, 32, 16)),
        }
        data_sets.folder(self.root / "in", files)
        report, path = data_sets.prepared(
            self.root / "in", self.root / "out", size=8
        )
        self.assertEqual(report.skipped, [])
        self.assertEqual(
            report.converted,
            {"CMYK to RGB": 1, "16-bit to 8-bit": 1, "grey to RGB": 2},
        )
        self.assertEqual(report.sizes, {"8x8": 3, "16x32": 1})
        deep = sources.open_source(path).image(1)
        self.assertAllEqual(deep, np.full([8, 8, 3], 156))

    def test_wrong_proportions_are_bad_without_a_crop(self):
        files = {
            f"{i}.png": data_sets.encode(data_sets.pixels(i)) for i in (0, 1)
        }
        files["2.png"] = data_sets.encode(data_sets.pixels(2, 8, 16))
        data_sets.folder(self.root / "in", files)
        report, _ = data_sets.prepared(
            self.root / "in", self.root / "out", crop="none"
        )
        self.assertIn("is 16x8, not of the proportions", report.skipped[0][1])

    def test_mnist_is_padded_to_32(self):
        random = np.random.RandomState(0)
        images = random.randint(0, 256, [7, 28, 28]).astype(np.uint8)
        data_sets.idx(self.root / "in/train-images-idx3-ubyte.gz", images)
        labels = np.arange(7, dtype=np.uint8)
        data_sets.idx(self.root / "in/train-labels-idx1-ubyte.gz", labels)
        report, path = data_sets.prepared(
            self.root / "in",
            self.root / "m.zip",
            crop="pad",
            channels=1,
            format="zip",
        )
        source = sources.open_source(path)
        padded = np.pad(images[5], 2)[..., None]
        self.assertAllEqual(source.image(5), padded)
        self.assertAllEqual(source.labels, np.eye(7))
        self.assertIn("--config.image_channels=1", report.train_command())

    def test_several_processes_keep_the_order(self):
        names = [f"{i:03d}.png" for i in range(90)]
        files = {
            n: data_sets.encode(data_sets.pixels(i))
            for i, n in enumerate(names)
        }
        files["050.png"] = b"broken"
        start = data_sets.zipped(self.root / "in.zip", files)
        report, one = data_sets.prepared(
            start, self.root / "one.zip", size=16, format="zip"
        )
        again, two = data_sets.prepared(
            start, self.root / "two.zip", size=16, format="zip", processes=2
        )
        self.assertEqual(one.read_bytes(), two.read_bytes())
        self.assertEqual(report.skipped, again.skipped)

    def test_max_images_counts_good_ones(self):
        files = data_sets.files(6) | {"00000/img00000000.png": b""}
        data_sets.folder(self.root / "in", files)
        report, path = data_sets.prepared(
            self.root / "in", self.root / "out", size=8, max_images=3
        )
        self.assertEqual(report.kept, [1, 2, 3])
        self.assertLen(sources.open_source(path), 3)

    def test_copies_may_be_left_out(self):
        image, other = map(data_sets.encode, map(data_sets.pixels, (0, 1)))
        files = {"a/1.png": image, "a/2.png": other, "b/3.png": image}
        files["b/4.png"] = data_sets.encode(data_sets.pixels(2))
        data_sets.folder(self.root / "in", files)
        report, path = data_sets.prepared(
            self.root / "in", self.root / "out", drop_copies=True
        )
        self.assertEqual(report.kept, [0, 1, 3])
        ((copy, first),) = report.copies
        self.assertEndsWith(copy, "b/3.png")
        self.assertEndsWith(first, "a/1.png")
        self.assertIn(f"  {copy}: {first}", list(report.lines()))
        self.assertAllEqual(sources.open_source(path).classes, [0, 0, 1])
        report, _ = data_sets.prepared(self.root / "in", self.root / "all")
        self.assertLen(report.kept, 4)

    def test_dry_run_reports_and_writes_nothing(self):
        start = self.labelled_zip()
        report, path = data_sets.prepared(
            start, self.root / "out/deep", dry_run=True
        )
        self.assertLen(report.kept, 9)
        self.assertIn("nothing was written", list(report.lines(True))[-1])
        self.assertFalse(path.parent.exists())

    def test_sizes_follow_the_first_image_unless_given(self):
        for size, expected in ((28, 32), (36, 32), (64, 64), (100, 64)):
            path = data_sets.folder(
                self.root / str(size),
                {"a.png": data_sets.encode(data_sets.pixels(0, size, size))},
            )
            target = prepare.choose_target(sources.open_source(path))
            self.assertEqual(target.image_shape, (expected, expected, 3))

    def test_sizes_that_no_network_has_are_refused(self):
        source = sources.open_source(self.labelled_zip())
        for settings, message in (
            ({"resolution": 100}, "Received: 100x100. Try --resolution=128"),
            ({"width": 64}, "go together"),
            ({"resolution": 64, "width": 64}, "Give either"),
            ({"resolution": 64, "crop": "wide"}, "needs a --width"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                prepare.choose_target(source, **settings)

    def test_non_square_sizes_name_their_base(self):
        source = sources.open_source(self.labelled_zip())
        target = prepare.choose_target(source, width=64, height=48)
        self.assertEqual(target.image_shape, (48, 64, 3))
        report = prepare.prepare(source, self.root / "o", target=target)
        self.assertIn("base_shape='(3, 4)'", report.train_command())
        wide = prepare.choose_target(source, width=64, height=48, crop="wide")
        self.assertEqual(wide.image_shape, (64, 64, 3))

    def test_what_is_prepared_can_be_trained_on(self):
        data_sets.folder(
            self.root / "in",
            {"1.png": data_sets.encode(data_sets.pixels(1, 20, 30))},
        )
        _, path = data_sets.prepared(
            self.root / "in", self.root / "out", size=16
        )
        images, _ = pipeline.fixed_batch(
            sources.open_source(path), 2, image_shape=(16, 16, 3), label_size=0
        )
        self.assertEqual(images.shape, (2, 16, 16, 3))

    def test_tar_archives_must_be_prepared_before_training(self):
        data_sets.folder(self.root / "in", data_sets.files(3))
        path = shutil.make_archive(self.root / "a", "tar", self.root / "in")
        source = sources.open_source(path)
        with self.assertRaisesRegex(
            ValueError, r"Prepare it: \S*python -m tools"
        ):
            pipeline.dataset(
                source, batch_size=1, image_shape=(8, 8, 3), label_size=0
            )
        _, prepared = data_sets.prepared(path, self.root / "out")
        self.assert_same(prepared, self.root / "in")
