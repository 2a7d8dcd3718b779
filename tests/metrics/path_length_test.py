"""Perceptual path length: golden with toy networks, and known answers."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import path_length
from tests.helpers import support


class _Toy:
    """The golden file's networks: z of 5 numbers to images of 16x16."""

    def __init__(self):
        self.arrays, _ = support.golden("k8_metrics")
        self.matrix = {k: self.arrays[f"in/toy_{k}"] for k in ("M", "S")}

    def map(self, z, labels=None):
        w = np.tanh(z @ self.matrix["M"])
        return np.repeat(w[:, None], 3, axis=1)

    def synthesize(self, ws):
        images = np.tanh(ws.mean(axis=1) @ self.matrix["S"])
        return support.nhwc(images.reshape(-1, 3, 16, 16))

    def distance(self, a, b):
        side = a.shape[1]
        heads = self.arrays["in/toy_V" if side == 16 else "in/toy_V8"]
        features = []
        for images in (a, b):
            flat = np.moveaxis(images, -1, 1).reshape(len(images), -1)
            features.append(np.tanh((flat + 1) * 127.5 @ heads))
        return np.sum((features[0] - features[1]) ** 2, axis=1)


class PathLengthTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("z", "full", False),
        ("z", "full", True),
        ("z", "end", False),
        ("w", "full", False),
        ("w", "full", True),
        ("w", "end", False),
    )
    def test_distances_are_those_of_the_official_code(
        self, space, sampling, is_cropped
    ):
        toy = _Toy()
        case = f"ppl_{space}_{sampling}_crop{int(is_cropped)}"
        t = toy.arrays[f"in/{case}/t"]
        found = path_length.distances(
            toy.map,
            toy.synthesize,
            toy.distance,
            z=np.stack(np.split(toy.arrays[f"in/{case}/z"], 2)),
            t=t if sampling == "full" else 0 * t,
            space=space,
            is_cropped=is_cropped,
            epsilon=1e-2,
        )
        # Steps of 0.01 in float32 images: the golden distances themselves
        # are this far from what float64 gives (8e-4 in z_end_crop0).
        expected = toy.arrays[f"out/{case}/dist"]
        self.assertLess(support.relative_error(found, expected), 2e-3)

    def test_the_mean_is_that_of_the_official_code(self):
        arrays, _ = support.golden("k8_metrics")
        found = path_length.trimmed_mean(arrays["in/ppl_distances"])
        for name in ("sg1", "sg2"):
            expected = float(arrays[f"f64/out/ppl_of_distances_{name}"])
            self.assertAllClose(found, expected, rtol=1e-6, atol=0)

    def test_outliers_of_both_ends_are_left_out(self):
        values = np.concatenate([[-1e9], np.full(198, 3.0), [1e9]])
        self.assertEqual(path_length.trimmed_mean(values), 3.0)

    def test_a_walk_on_the_sphere_has_the_length_of_its_angle(self):
        z = support.normal(2, 7, 3)
        found = path_length.distances(
            lambda z, labels: z[:, None],
            lambda ws: ws[:, :, None],
            lambda a, b: np.sum((a - b).astype(float) ** 2, axis=(1, 2, 3)),
            z=z,
            t=np.linspace(0, 0.9, 7),
            space="z",
            epsilon=1e-2,
        )
        unit = z / np.linalg.norm(z, axis=-1, keepdims=True)
        angle = np.arccos(np.sum(unit[0] * unit[1], axis=-1))
        self.assertAllClose(found, angle**2, rtol=1e-3, atol=0)

    def test_the_face_is_in_the_middle_a_little_below(self):
        images = np.arange(16.0 * 16).reshape(1, 16, 16, 1)
        found = path_length.centre(images)
        self.assertAllEqual(found, images[:, 6:14, 4:12])
        with self.assertRaisesRegex(ValueError, "ppl2_wend.*4x4"):
            path_length.centre(np.zeros((1, 4, 4, 3)))

    def test_large_images_are_averaged_over_boxes(self):
        images = support.normal(2, 8, 8, 3)
        self.assertAllEqual(path_length.shrink(images, 5), images)
        found = path_length.shrink(images, 4)
        expected = images[:, 2:4, 4:6].mean(axis=(1, 2))
        self.assertAllClose(found[:, 1, 2], expected)


if __name__ == "__main__":
    tf.test.main()
