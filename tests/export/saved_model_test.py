"""SavedModels: every signature, batches, assets, no project code needed."""

import pathlib
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf import generators, images, model_card
from stylegan_tf.data import decode
from stylegan_tf.export import output, saved_model
from tests.helpers import exports, support

_FIXTURE = pathlib.Path(__file__).parents[1] / "fixtures" / "quickstart"
# Runs where stylegan_tf can not be imported.
_PROGRAM = """
import sys
import numpy as np
import tensorflow as tf
try:
    import stylegan_tf
except ImportError:
    loaded = tf.saved_model.load(sys.argv[1])
    z = np.random.RandomState(5).randn(1, 128).astype(np.float32)
    made = loaded.signatures["generate"](
        z=tf.constant(z),
        truncation_psi=tf.constant([0.7]),
        truncation_cutoff=tf.constant([-1]),
    )
    np.save(sys.argv[2], made["images"])
"""


class SavedModelCase(tf.test.TestCase, parameterized.TestCase):
    def export(self, snapshot):
        path = pathlib.Path(self.create_tempdir().full_path) / "faces"
        version, self.differences = saved_model.write(snapshot, path)
        return version, tf.saved_model.load(str(version))


@pytest.mark.slow
class SignaturesTest(SavedModelCase):
    @parameterized.parameters(
        "labels", "resnet", "msg", "stylegan", "progan", "fading"
    )
    def test_images_of_every_family(self, kind):
        snapshot = exports.snapshot(kind)
        _, loaded = self.export(snapshot)
        z, labels = exports.inputs(snapshot, 5)
        inputs = {"z": z} if labels is None else {"z": z, "label": labels}
        expected = snapshot.ema_generator(z, labels, **snapshot.stage._asdict())
        made = loaded.generate(**inputs)["images"]
        error = np.abs(np.int32(made) - images.to_uint8(expected))
        self.assertLessEqual(error.max(), 1)
        pngs = loaded.generate_png(**inputs)["image_bytes"].numpy()
        decoded = [decode.pixels(png) for png in pngs]
        self.assertAllEqual(np.stack(decoded), made)
        self.assertContainsSubset(["map", "generate"], self.differences)

    def test_truncation_styles_and_noise(self):
        snapshot = exports.snapshot("stylegan")
        generator = snapshot.ema_generator
        _, loaded = self.export(snapshot)
        z, _ = exports.inputs(snapshot, 2)
        psi, cutoff = tf.constant([0.5]), tf.constant([3])
        ws = loaded.map(z, psi, cutoff)["ws"]
        expected = generator.map(z, truncation_psi=0.5, truncation_cutoff=3)
        self.assertAllClose(ws, expected, atol=1e-5)
        psi = tf.constant([1.0, 0.0])  # one an image
        ws = loaded.map(z, psi)["ws"]
        expected = np.stack([generator.map(z)[0], expected[1] * 0])
        expected[1] = np.array(generator.mapping.w_avg)
        self.assertAllClose(ws, expected, atol=1e-5)
        none = loaded.synthesize(ws, tf.constant(["none"]))["images"]
        plain = generator.synthesize(ws, noise="none")
        self.assertAllClose(none, plain, atol=1e-5)
        self._assert_given_noise(loaded, generator, ws)
        with self.assertRaisesRegex(tf.errors.InvalidArgumentError, "noise"):
            loaded.synthesize(ws, tf.constant(["some"]))

    def _assert_given_noise(self, loaded, generator, ws):
        count = len(generator.config.noise_shapes)
        maps = [
            support.normal(2, *shape, 1, seed=index)
            for index, shape in enumerate(generator.config.noise_shapes)
        ]
        made = loaded.synthesize(ws, tf.constant(["const"]), maps)["images"]
        expected = generator.synthesize(ws, noise=maps)
        self.assertAllClose(made, expected, atol=1e-5)
        signature = loaded.signatures["synthesize"]
        _, inputs = signature.structured_input_signature
        names = {f"noise_{index}" for index in range(count)}
        self.assertEqual(set(inputs), {"ws", "noise", *names})

    @parameterized.parameters("skip", "stylegan")
    def test_gradients_are_those_of_the_network(self, kind):
        snapshot = exports.snapshot(kind)
        generator = snapshot.ema_generator
        _, loaded = self.export(snapshot)
        z, _ = exports.inputs(snapshot, 2)
        ws = generator.map(z)
        shapes = generator.config.noise_shapes
        maps = [tf.constant(support.normal(2, *s, 1)) for s in shapes]
        cotangent = support.normal(2, 16, 16, 3)
        with tf.GradientTape() as tape:
            tape.watch([ws, *maps])
            made = generator.synthesize(ws, noise=maps)
        expected = tape.gradient(made, [ws, *maps], cotangent)
        found = loaded.gradients(ws, cotangent, tf.constant(["const"]), maps)
        names = ["ws", *(f"noise_{index}" for index in range(len(maps)))]
        for name, gradient in zip(names, expected, strict=True):
            self.assertAllClose(found[name], gradient, rtol=1e-3, atol=1e-4)
        self.assertAllClose(found["images"], made, atol=1e-5)

    def test_mixed_styles(self):
        snapshot = exports.snapshot("labels")
        generator = snapshot.ema_generator
        _, loaded = self.export(snapshot)
        z, labels = exports.inputs(snapshot, 2)
        ends = tf.constant([2]), tf.constant([4])
        made = loaded.mix(z, -z, labels, *ends)["images"]
        ws = np.array(generator.map(z, labels))
        ws[:, 2:4] = np.array(generator.map(-z, labels))[:, 2:4]
        expected = images.to_uint8(generator.synthesize(ws))
        self.assertLessEqual(np.abs(np.int32(made) - expected).max(), 1)

    def test_progan_takes_no_truncation(self):
        snapshot = exports.snapshot("progan")
        _, loaded = self.export(snapshot)
        z, labels = exports.inputs(snapshot, 2)
        with self.assertRaisesRegex(
            tf.errors.InvalidArgumentError, "no mean to truncate"
        ):
            loaded.map(z, labels, tf.constant([0.5]))


@pytest.mark.slow
class FilesTest(SavedModelCase):
    def test_seeds_give_the_images_of_tools_generate(self):
        snapshot = stylegan_tf.load(_FIXTURE)
        path, loaded = self.export(snapshot)
        generator = generators.of_snapshot(snapshot)
        z, ours = generator.latents(range(17)), generator.samples(range(17))
        for count in (1, 3, 16, 17):
            made = loaded.generate(z[:count])["images"]
            error = np.abs(np.int32(made) - ours[:count])
            is_padded_alike = count == generators.BATCH_SIZE
            self.assertLessEqual(error.max(), 0 if is_padded_alike else 1)
        self._assert_loads_without_our_code(path, generator)
        self._assert_assets(path, snapshot)

    def _assert_loads_without_our_code(self, path, generator):
        output = path.parent / "images.npy"
        folder = self.create_tempdir().full_path
        subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM, str(path), str(output)],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        expected = generator.samples([5], truncation_psi=0.7)
        self.assertLessEqual(
            np.abs(np.int32(np.load(output)) - expected).max(), 1
        )

    def _assert_assets(self, path, snapshot):
        card = model_card.read(path)
        self.assertEqual(card["name"], "faces")
        self.assertEqual(card["image_shape"], [32, 32, 3])
        self.assertEqual(card["num_ws"], 8)
        self.assertLen(card["noise_shapes"], 7)
        styles = np.load(path / "assets" / model_card.STYLE_WEIGHTS)
        self.assertEqual(styles["w_avg"].shape, (128,))
        kernel = styles["synthesis/b4/conv1/conv/affine/kernel"]
        self.assertEqual(kernel.shape, (128, 64))


class VersionTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _make(self, *names):
        for name in names:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def test_versions_are_numbered_as_they_come(self):
        path = self.folder / "faces"
        self.assertEqual(output.next_version(path), path / "1")
        path.mkdir()
        self.assertEqual(output.next_version(path), path / "1")
        self._make("faces/9/saved_model.pb", "faces/10/saved_model.pb")
        self._make("faces/9.metrics.jsonl", "faces/.unfinished-a-1-11/a")
        self.assertEqual(output.next_version(path), path / "11")
        (path / "12").mkdir()  # whatever it is, its name is taken
        self.assertEqual(output.next_version(path), path / "13")

    def test_something_else_is_refused_with_what_to_give(self):
        self._make("run/config.json", "bare/saved_model.pb", "file")
        for name, expected in (
            ("run", "no folder of a model's versions"),
            ("file", "no folder of a model's versions"),
            ("bare", "is a SavedModel itself"),
        ):
            with self.assertRaisesRegex(FileExistsError, expected):
                output.next_version(self.folder / name)
        with self.assertRaisesRegex(ValueError, "folder, such as .*/faces$"):
            output.next_version(self.folder / "faces" / "2")
        with self.assertRaisesRegex(ValueError, "folder, such as faces$"):
            output.next_version("2")

    def test_one_that_fails_leaves_nothing(self):
        for is_new in (True, False):
            path = self.folder / "faces" / "1"
            with self.assertRaises(output.MismatchError):
                with output.version(path) as temporary:
                    self.assertEqual(temporary.parent, path.parent)
                    temporary.mkdir()
                    output.compare("x", [1.0], [0.0], 0.1)
            self.assertEqual(path.parent.exists(), not is_new)
            path.parent.mkdir(exist_ok=True)
        self.assertEmpty([*path.parent.iterdir()])

    def test_a_missing_library_is_told_before_the_work(self):
        with mock.patch.dict(sys.modules, {"tensorflow_serving.apis": None}):
            with self.assertRaisesRegex(ImportError, "pip install '.*export"):
                saved_model.write(None, self.folder / "faces")


class WholeTest(tf.test.TestCase):
    def test_a_mismatch_leaves_nothing(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        with self.assertRaisesRegex(output.MismatchError, "x is off by 1"):
            with output.whole(folder / "x") as temporary:
                temporary.write_text("half")
                output.compare("x", [1.0], [0.0], 0.1)
        self.assertEmpty([*folder.iterdir()])

    def test_numbers_that_are_none_are_a_mismatch(self):
        with self.assertRaises(output.MismatchError):
            output.compare("x", [np.nan], [0.0], 0.1)
        with self.assertRaisesRegex(output.MismatchError, "shape"):
            output.compare("x", [1.0], [1.0, 1.0], 0.1)
        self.assertAllClose(output.compare("x", [1.05], [1.0], 0.1), 0.05)


if __name__ == "__main__":
    tf.test.main()
