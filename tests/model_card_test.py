"""The model card says what clients need, and comes back as it was written."""

import json
import pathlib

import tensorflow as tf

from stylegan_tf import generators, model_card
from tests.helpers import exports


class ModelCardTest(tf.test.TestCase):
    def test_it_is_of_the_stage_and_comes_back(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        generator = generators.of_snapshot(exports.snapshot("fading"))
        signatures = {"map": {"z": "float32 [None, 12]"}}
        software = {"tensorflow": "2"}
        card = model_card.describe("faces", generator, signatures, software)
        path = model_card.path_in(folder)
        path.parent.mkdir()
        path.write_text(json.dumps(card))
        found = model_card.read(folder)
        self.assertEqual([*found], [*card])
        self.assertEqual(found["image_shape"], [8, 8, 3])
        self.assertEqual(found["noise_shapes"], [[4, 4]] * 2 + [[8, 8]] * 2)
        self.assertEqual(found["stage"], {"resolution": 8, "alpha": 0.5})
        self.assertEqual(found["signatures"], signatures)
        self.assertEqual(found["config"]["training"]["precision"], "float32")

    def test_another_saved_model_is_refused(self):
        folder = self.create_tempdir().full_path
        with self.assertRaisesRegex(ValueError, "not one of tools.export"):
            model_card.read(folder)


class VersionsTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _model(self, name, numbers):
        for number in numbers:
            path = self.folder / name / number
            path.mkdir(parents=True)
            (path / "saved_model.pb").touch()
        return self.folder / name

    def test_they_are_in_the_order_of_their_numbers(self):
        path = self._model("faces", ["9", "10", "2"])
        (path / "11").mkdir()  # no SavedModel
        (path / "9.metrics.jsonl").touch()
        self._model("faces", ["012", "٣", str(2**63)])  # no versions
        (path / ".unfinished-host-1-12").mkdir()
        found = model_card.versions(path)
        expected = {number: path / str(number) for number in (2, 9, 10)}
        self.assertEqual([*found.items()], [*expected.items()])
        self.assertEqual(model_card.newest(path), path / "10")

    def test_one_savedmodel_is_its_only_version(self):
        path = self._model("faces", ["7"])
        self.assertEqual(model_card.versions(path / "7"), {7: path / "7"})
        bare = self._model("bare", ["."])
        self.assertEqual(model_card.versions(bare), {1: bare})
        self.assertEqual(model_card.newest(bare), bare)

    def test_what_is_none_has_none(self):
        (self.folder / "file").touch()
        for name in (".", "file", "missing"):
            self.assertEqual(model_card.versions(self.folder / name), {})
            self.assertIsNone(model_card.newest(self.folder / name))

    def test_a_model_is_called_as_its_folder(self):
        path = self._model("faces", ["7"])
        for each in (path, path / "7", path / "7" / "..", path / "."):
            self.assertEqual(model_card.model_name(each), "faces")
        self.assertEqual(model_card.model_name("64"), "64")


if __name__ == "__main__":
    tf.test.main()
