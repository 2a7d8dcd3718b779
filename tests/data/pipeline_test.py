"""Batches are what the order says, resumed, sharded or mirrored."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.data import order, pipeline, sources
from tests.helpers import data_sets

ROOT = pathlib.Path(__file__).parents[2]
SHAPE = (8, 8, 3)
ENDING_PROGRAM = """
import sys
from stylegan_tf.data import pipeline, sources
source = sources.open_source(sys.argv[1])
batches = iter(
    pipeline.dataset(
        source, batch_size=32, image_shape=(512, 512, 3), label_size=0
    )
)
next(batches)
"""


def take(batches, count):
    pairs = [(x.numpy(), y.numpy()) for x, y in batches.take(count)]
    return [np.concatenate(arrays) for arrays in zip(*pairs, strict=True)]


class PipelineTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir())
        files = data_sets.files(7)
        labels = {name: i % 3 for i, name in enumerate(files)}
        path = data_sets.zipped(
            self.root / "faces.zip", files | data_sets.metadata(labels)
        )
        self.source = sources.open_source(path)

    def batches(self, batch_size=4, label_size=3, **arguments):
        return pipeline.dataset(
            self.source,
            batch_size=batch_size,
            image_shape=SHAPE,
            label_size=label_size,
            **arguments,
        )

    def test_images_and_labels_follow_the_order(self):
        images, labels = take(self.batches(seed=5), 6)
        indices = order.order(5, np.arange(24), 7)
        for row, index in enumerate(indices):
            self.assertAllEqual(images[row], data_sets.pixels(index))
        self.assertAllEqual(labels.argmax(1), indices % 3)
        self.assertEqual(labels.dtype, np.float32)

    def test_static_shapes_are_known(self):
        images, labels = self.batches().element_spec
        self.assertEqual(images, tf.TensorSpec([4, *SHAPE], tf.uint8))
        self.assertEqual(labels, tf.TensorSpec([4, 3], tf.float32))
        _, labels = self.batches(label_size=0).element_spec
        self.assertEqual(labels, tf.TensorSpec([4, 0], tf.float32))

    def test_no_thread_tunes_it(self):
        # The end of an iterator would wait for that thread, up to a minute.
        dataset = pipeline.dataset(
            self.source, batch_size=4, image_shape=(8, 8, 3), label_size=0
        )
        self.assertIs(dataset.options().autotune.enabled, False)

    def test_resuming_anywhere_goes_on_as_if_never_stopped(self):
        whole, _ = take(self.batches(mirror=True, seed=2), 10)
        for seen in (1, 4, 7, 22):
            rest, _ = take(
                self.batches(mirror=True, seed=2, images_seen=seen), 4
            )
            self.assertAllEqual(rest, whole[seen : seen + 16])

    def test_the_batch_size_may_change_on_the_way(self):
        whole, _ = take(self.batches(mirror=True), 6)
        first, _ = take(self.batches(8, mirror=True), 1)
        second, _ = take(self.batches(2, mirror=True, images_seen=8), 5)
        self.assertAllEqual(np.concatenate([first, second]), whole[:18])

    def test_shards_make_up_the_whole_batch(self):
        whole = take(self.batches(6, mirror=True), 3)
        parts = [
            take(self.batches(6, mirror=True, shard=(s, 3)), 3)
            for s in range(3)
        ]
        for kind in range(2):
            split = [part[kind].reshape(3, 2, -1) for part in parts]
            joined = np.concatenate(split, axis=1).reshape(18, -1)
            self.assertAllEqual(joined, whole[kind].reshape(18, -1))

    def test_mirrored_images_are_those_that_flips_names(self):
        plain, _ = take(self.batches(), 8)
        mirrored, _ = take(self.batches(mirror=True), 8)
        flips = order.flips(0, np.arange(32))
        self.assertAllEqual(mirrored[~flips], plain[~flips])
        self.assertAllEqual(mirrored[flips], plain[flips][:, :, ::-1])

    def test_fixed_batch_is_the_same_in_every_run(self):
        for label_size in (0, 3):
            runs = [
                pipeline.fixed_batch(
                    self.source, 9, image_shape=SHAPE, label_size=label_size
                )
                for _ in range(2)
            ]
            self.assertEqual(runs[0][0].shape, (9, *SHAPE))
            self.assertEqual(runs[0][1].shape, (9, label_size))
            self.assertAllEqual(runs[0][0], runs[1][0])

    def test_the_wrong_size_is_refused_with_the_command_that_mends_it(self):
        with self.assertRaisesRegex(
            ValueError,
            r"img00000000.png is 8x8x3; expected 32x16x1 (.|\n)*"
            r"prepare_dataset --source=\S*faces.zip'? "
            r"--output=\S*faces-prepared'? "  # quoted if need be
            "--width=32 --height=16 --channels=1",
        ):
            pipeline.dataset(
                self.source,
                batch_size=4,
                image_shape=(16, 32, 1),
                label_size=0,
            )

    def test_one_image_of_another_size_is_named_while_reading(self):
        files = data_sets.files(6) | {
            "z.png": data_sets.encode(data_sets.pixels(0, 4))
        }
        path = data_sets.folder(self.root / "odd", files)
        self.source = sources.open_source(path)
        with self.assertRaisesRegex(
            tf.errors.InvalidArgumentError, r"odd/z.png is 8x4x3; expected"
        ):
            take(self.batches(label_size=0), 2)

    def test_labels_that_do_not_exist_are_refused(self):
        with self.assertRaisesRegex(ValueError, "3. Received: label_size=5"):
            self.batches(label_size=5)

    def test_shards_that_do_not_fit_are_refused(self):
        for shard in ((0, 3), (2, 2), (-1, 2)):
            with self.assertRaisesRegex(ValueError, "`shard`"):
                self.batches(4, shard=shard)

    def test_every_source_of_records_feeds_batches(self):
        images = np.stack([data_sets.pixels(i) for i in range(5)])
        path = data_sets.official_records(self.root / "r", {3: images})
        self.source = sources.open_source(path)
        batches, _ = take(self.batches(label_size=0), 2)
        indices = order.order(0, np.arange(8), 5)
        self.assertAllEqual(batches, images[indices])

    @pytest.mark.slow
    def test_a_program_ends_while_images_are_being_read(self):
        """Without `gate` it hangs: TensorFlow waits for a dead thread."""
        noise = np.random.RandomState(0).randint(0, 256, [512, 512, 3])
        image = data_sets.encode(noise.astype(np.uint8))
        folder = data_sets.folder(self.root / "large", {"a.png": image})
        ended = subprocess.run(
            [sys.executable, "-c", ENDING_PROGRAM, folder],
            timeout=120,
            cwd=ROOT,
        )
        self.assertEqual(ended.returncode, 0)
