"""One loaded version: its signatures, its answers, the sizes of batches."""

import pathlib
import shutil

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, images, model_card
from stylegan_tf.serving import errors, servable
from tests.helpers import exports, model_server, support


def _inputs(kind, count, **others):
    z, labels = exports.inputs(exports.snapshot(kind), count)
    return {"z": z, **({} if labels is None else {"label": labels}), **others}


def _levels(made, expected):
    return np.abs(np.int32(made) - np.int32(expected)).max()


@pytest.mark.slow
class ServableTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loaded = {
            kind: servable.Servable(
                model_card.newest(exports.folder(kind)), 1, max_batch=6
            )
            for kind in ("labels", "progan")
        }

        cls.servers = {
            kind: model_server.ModelServer(exports.folder(kind))
            for kind in cls.loaded
        }

    def answer(self, kind, signature, **inputs):
        loaded = self.loaded[kind]
        return loaded.run(signature, loaded.check(signature, inputs))

    def test_signatures_are_read(self):
        found = self.loaded["labels"].signatures
        names = ["generate", "generate_png", "gradients", "map", "mix"]
        names += ["serving_default", "synthesize"]
        self.assertEqual([*found], names)
        inputs = found["generate"].inputs
        names = ["label", "z", "truncation_cutoff", "truncation_psi"]
        self.assertEqual([*inputs], names)
        self.assertEqual(inputs["label"].shape, (None, 3))
        self.assertEqual(inputs["truncation_cutoff"].dtype, "int32")
        self.assertFalse(inputs["z"].has_default)
        self.assertTrue(inputs["truncation_psi"].has_default)
        self.assertAllEqual(inputs["truncation_psi"].default, [1.0])
        output = found["generate_png"].outputs["image_bytes"]
        self.assertEqual((output.dtype, output.shape), ("string", (None,)))
        noise = found["synthesize"].inputs["noise_0"]
        self.assertEqual(noise.default.shape, (0, 4, 4, 1))
        self.assertEqual(self.loaded["labels"].card["label_size"], 3)

    @parameterized.parameters("labels", "progan")
    def test_seeds_give_the_images_of_the_network(self, kind):
        generator = generators.of_snapshot(exports.snapshot(kind))
        expected = generator.samples(range(5))
        for count in (1, 3, 5):
            made = self.answer(kind, "generate", **_inputs(kind, count))
            self.assertLessEqual(_levels(made["images"], expected[:count]), 1)

    @parameterized.product(
        kind=["labels", "progan"],
        signature=["map", "generate", "generate_png", "mix"],
    )
    def test_answers_are_those_of_tensorflow_serving(self, kind, signature):
        inputs = _inputs(kind, 2)
        if signature == "mix":
            layers = self.loaded[kind].card["num_ws"]
            inputs |= {"z_mix": -inputs["z"], "last_layer": [layers // 2]}
            inputs["last_layer"] = np.int32(inputs["last_layer"])
        if kind != "progan":
            inputs["truncation_psi"] = np.float32([0.5])
        made = self.answer(kind, signature, **inputs)
        request = model_server.request(signature, **inputs)
        expected = self.servers[kind].predict(request)
        self.assertEqual(set(made), set(expected))
        for name, array in made.items():
            self.assertEqual(array.dtype, expected[name].dtype)
            self.assertEqual(array.shape, expected[name].shape)
        if signature == "generate":
            self.assertLessEqual(_levels(made["images"], expected["images"]), 1)
        if signature == "map":
            self.assertAllClose(made["ws"], expected["ws"], atol=1e-5)

    def test_noise_is_stored_none_or_given(self):
        ws = self.answer("labels", "map", **_inputs("labels", 3))["ws"]
        generator = generators.of_snapshot(exports.snapshot("labels"))
        maps = [
            support.normal(3, *shape, 1, seed=index)
            for index, shape in enumerate(generator.noise_shapes)
        ]
        named = {f"noise_{index}": each for index, each in enumerate(maps)}
        for noise, inputs in (
            ("const", {}),
            ("none", {"noise": ["none"]}),
            (maps, named),
            (maps, {**named, "noise": ["const"]}),
        ):
            made = self.answer("labels", "synthesize", ws=ws, **inputs)
            expected = generator.synthesize(ws, noise)
            self.assertAllClose(made["images"], expected, atol=1e-4)
        each = self.answer(
            "labels", "synthesize", ws=ws, noise=["none", "const", "none"]
        )
        none = generator.synthesize(ws, "none")
        self.assertAllClose(each["images"][::2], none[::2], atol=1e-4)

    def test_gradients_are_those_of_the_rows_given(self):
        ws = self.answer("labels", "map", **_inputs("labels", 3))["ws"]
        cotangent = support.normal(3, 16, 16, 3)
        inputs = {"ws": ws, "cotangent": cotangent}
        for given in (inputs, inputs | {"noise_1": support.normal(1, 8, 8, 1)}):
            made = self.answer("labels", "gradients", **given)
            request = model_server.request("gradients", **given)
            expected = self.servers["labels"].predict(request)
            self.assertEqual(set(made), set(expected))
            for name, array in made.items():
                self.assertAllClose(array, expected[name], rtol=1e-3, atol=1e-3)
            self.assertLen(made["noise_1"], 1)  # a sum over the rows

    def test_pngs_hold_the_images(self):
        inputs = _inputs("labels", 3)
        pngs = self.answer("labels", "generate_png", **inputs)["image_bytes"]
        made = self.answer("labels", "generate", **inputs)["images"]
        for png, image in zip(pngs, made, strict=True):
            self.assertIsInstance(png, bytes)
            self.assertAllEqual(tf.io.decode_png(png), image)
            self.assertGreater(len(images.to_png(image)), 0)

    def test_batches_have_few_sizes_and_company_changes_no_bit(self):
        self.assertEqual(self.loaded["labels"].sizes, [1, 2, 4, 6])
        inputs = _inputs("labels", 6)
        alone = {name: array[:3] for name, array in inputs.items()}
        last = {name: array[2:] for name, array in inputs.items()}
        three = self.answer("labels", "generate", **alone)["images"]
        four = self.answer("labels", "generate", **last)["images"]
        self.assertAllEqual(three[2], four[0])  # both padded to 4
        six = self.answer("labels", "generate", **inputs)["images"]
        self.assertLessEqual(_levels(six[:3], three), 1)
        for size, expected in ((1, [1]), (2, [1, 2]), (64, 2 ** np.arange(7))):
            self.loaded["progan"].max_batch = size
            self.assertAllEqual(self.loaded["progan"].sizes, expected)
        self.loaded["progan"].max_batch = 6

    def test_an_unknown_signature_is_one_sentence(self):
        with self.assertRaisesRegex(
            errors.Invalid, "`generates`. Did you mean `generate`.*Signatures"
        ):
            self.answer("labels", "generates", **_inputs("labels", 1))

    def test_what_tensorflow_refuses_is_one_line(self):
        loaded = self.loaded["labels"]
        arrays = loaded.check("synthesize", {"ws": np.zeros((1, 6, 12))})
        arrays["noise"] = np.array([b"loud"], object)
        with self.assertRaises(errors.Invalid) as caught:
            loaded.run("synthesize", arrays)
        self.assertNotIn("\n", str(caught.exception))

    def test_a_damaged_model_is_one_line(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        path = folder / "1"
        shutil.copytree(model_card.newest(exports.folder("labels")), path)
        (data,) = path.glob("variables/*.data*")
        data.write_bytes(data.read_bytes()[:100])
        with self.assertRaisesRegex(ValueError, "1 can not be loaded") as e:
            servable.Servable(path)
        self.assertNotIn("\n", str(e.exception))
        (path / "saved_model.pb").write_bytes(b"no model")
        with self.assertRaisesRegex(ValueError, "1 can not be loaded"):
            servable.Servable(path)
        (path / "assets" / "model.json").unlink()
        with self.assertRaisesRegex(ValueError, "not one of tools.export"):
            servable.Servable(path)


if __name__ == "__main__":
    tf.test.main()
