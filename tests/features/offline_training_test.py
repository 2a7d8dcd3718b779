"""Training of the offline extractor is repeatable, and learns."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.data import sources
from stylegan_tf.features import offline, offline_training, weight_files


def _made_up(count):
    """Images whose brightness tells the class of every attribute."""
    random = np.random.RandomState(0)
    bright = random.randint(2, size=count)
    images = (bright * 150)[:, None, None, None] + random.randint(
        0, 100, (count, 32, 32, 3)
    )
    classes = np.repeat(bright[:, None], len(offline.HEADS), axis=1)
    classes[::7, 0] = -1  # unknown
    return images.astype(np.uint8), classes.astype(np.int32)


class _Few:
    """The first nine images of a source."""

    path = "few"

    def __init__(self, source):
        self.image, self.image_shape = source.image, source.image_shape
        self.attributes = {k: v[:9] for k, v in source.attributes.items()}

    def __len__(self):
        return 9


class OfflineTrainingTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_the_same_seed_gives_the_same_file(self):
        images, classes = _made_up(60)
        written = []
        folder = pathlib.Path(self.create_tempdir().full_path)
        for index, seed in enumerate((0, 0, 1)):
            network, _ = offline_training.train(
                images, classes, steps=3, batch_size=8, seed=seed
            )
            path = folder / f"{index}.npz"
            offline.write(path, network, meta="{}")
            written.append(path.read_bytes())
        self.assertEqual(written[0], written[1])
        self.assertNotEqual(written[0], written[2])
        arrays = weight_files.read_arrays(folder / "0.npz")
        self.assertEqual(str(arrays["meta_json"]), "{}")
        self.assertLen(list(folder.iterdir()), 3)

    @pytest.mark.slow
    def test_it_learns_what_the_images_show(self):
        images, classes = _made_up(200)
        losses = []
        _, accuracies = offline_training.train(
            images,
            classes,
            steps=25,
            batch_size=16,
            report=lambda step, loss: losses.append(loss),
        )
        self.assertLess(losses[-1], 0.5 * losses[0])
        self.assertGreater(min(accuracies.values()), 0.9)

    def test_images_and_classes_are_read_in_the_order_of_the_heads(self):
        source = sources.open_source("bundled")
        few = _Few(source)
        images, classes = offline_training.read(few)
        self.assertEqual(images.shape, (9, 32, 32, 3))
        heads = list(offline.HEADS)
        self.assertEqual(classes.shape, (9, len(heads)))
        length = classes[:, heads.index("hair_length")]
        is_long = classes[:, heads.index("long_hair")]
        self.assertAllEqual(is_long == 1, (length == 2) | (length == 3))
        for index, count in enumerate(offline.HEADS.values()):
            self.assertAllInRange(classes[:, index], -1, count - 1)
        del few.attributes["nose"]
        with self.assertRaisesRegex(ValueError, "lacks: .'nose'"):
            offline_training.read(few)


if __name__ == "__main__":
    tf.test.main()
