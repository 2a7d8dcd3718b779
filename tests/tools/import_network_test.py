"""tools.import_network, and training that starts from what it wrote."""

import json
import os
import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

import stylegan_tf
from stylegan_tf import cache, downloads
from tests.helpers import running, support
from tests.helpers.interop import making

_ADA = support.GOLDEN / "k6a_ada_32_cond3_Dorig.nosrc.pkl"
_PROGAN = support.GOLDEN / "k6b_tf_pgan_32.nosrc.pkl"


class SummaryTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    @pytest.mark.slow
    def test_what_a_file_does_not_tell_is_said(self):
        arrays, _ = support.golden("k12_rosinality_32")
        own = {
            name.removeprefix("g_ema/"): array
            for name, array in arrays.items()
            if name.startswith("g_ema/") and "noises" not in name
        }
        path = self.folder / "x.pt"
        path.write_bytes(making.torch_file({"g_ema": own}))
        output = self.folder / "x"
        answer = running.run(
            "import_network", f"--source={path}", f"--output={output}"
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertRegex(answer.output, r"\nnote +the file has no mean w: ")
        self.assertRegex(answer.output, r"\nnote +the file has no noise inputs")
        self.assertNotIn("Warning", answer.errors)
        notes = stylegan_tf.load(output).provenance["notes"]
        self.assertLen(notes, 2)
        with self.assertWarnsRegex(UserWarning, "x.pt: the file has no noise"):
            stylegan_tf.load(path)

    def test_a_directory_names_the_file_that_was_meant(self):
        (self.folder / "ffhq.pkl").write_bytes(b"")
        answer = running.run(
            "import_network", f"--source={self.folder}", "--output=x"
        )
        self.assertEqual(answer.code, 1)
        self.assertIn(f"give {self.folder}/ffhq.pkl.", answer.errors)


class SuggestionsTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_they_are_taken_by_their_tools(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        output = f"{folder}/it's mine"
        answer = running.run(
            "import_network", f"--source={_ADA}", f"--output={output}"
        )
        self.assertEqual(answer.code, 0, answer.errors)
        generate, train = answer.output.splitlines()[-2:]
        given = running.parse(generate)
        self.assertEqual(given["network"], output)
        self.assertEqual(given["class"], "0")  # the network has classes
        words = running.words_of(generate)
        words = words[words.index("tools.generate") + 1 :]
        picture = f"--output={folder}/images.png"
        made = running.run("generate", *words, picture)
        self.assertEqual(made.code, 0, made.errors)
        given = running.parse(train)
        self.assertEqual(given["init_from"], output)
        self.assertEqual(given["config.data.path"], "DATA")


@pytest.mark.slow
class ImportNetworkTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def assert_runs(self, tool, *arguments):
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 0, answer.errors[-2000:])
        return answer.output

    def assert_refused(self, message, *arguments, tool="import_network"):
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 1, answer.output)
        self.assertIn(message, answer.errors)
        self.assertNotIn("Traceback", answer.errors)

    def test_an_import_is_a_network_to_generate_and_train_from(self):
        network = self.folder / "progan"
        source, output = f"--source={_PROGAN}", f"--output={network}"
        said = self.assert_runs("import_network", source, "--dry_run")
        self.assertIn("progan", said)
        self.assertFalse(network.exists())
        said = self.assert_runs("import_network", source, output)
        self.assertIn(f"--init_from={network}", said)
        provenance = json.loads((network / "snapshot.json").read_text())[
            "provenance"
        ]
        self.assertEqual(provenance["source"], str(_PROGAN))
        self.assertEqual(provenance["stylegan_tf"], stylegan_tf.__version__)
        self.assert_refused("holds another network", f"--source={_ADA}", output)
        self.assert_runs(
            "generate",
            f"--network={network}",
            "--seeds=0-1",
            f"--output={self.folder}",
        )
        self.assertTrue((self.folder / "seed0001.png").exists())
        self.assert_runs(
            "train",
            f"--init_from={network}",
            "--config.training.total_kimg=0.008",
            "--config.training.batch_size=8",
            "--config.training.sample_grid=(2, 2)",
            f"--workdir={self.folder / 'tuned'}",
        )
        before = stylegan_tf.load(_PROGAN)
        after = stylegan_tf.load(self.folder / "tuned")
        self.assertEqual(after.config.loss.adversarial, "wgan")
        self.assertEqual(after.images_seen, 8)
        for name, network in before.networks().items():
            pairs = zip(
                network.weights, getattr(after, name).weights, strict=True
            )
            moved = max(float(np.max(np.abs(a - b))) for a, b in pairs)
            self.assertBetween(moved, 1e-6, 0.05)  # one step of Adam

    def test_a_dry_run_from_a_file_plans_with_its_config(self):
        said = self.assert_runs(
            "train",
            f"--init_from={_ADA}",
            "--config.training.total_kimg=1",
            "--config.training.batch_size=4",
            "--dry_run",
            "--json",
        )
        config = json.loads(said)["config"]
        self.assertEqual(config["label_size"], 3)
        self.assertEqual(config["training"]["batch_size"], 4)
        self.assertEqual(config["discriminator"]["architecture"], "orig")

    def test_mistakes_are_told(self):
        name = "stylegan2-ffhq-config-f"
        with mock.patch.dict(os.environ, {cache.VARIABLE: str(self.folder)}):
            answer = running.run(
                "import_network", f"--source={name}", "--dry_run"
            )
        self.assertIn(downloads.addresses()[name], answer.output)
        self.assertIn(str(self.folder / f"{name}.pkl"), answer.output)
        self.assert_refused("--output is needed", f"--source={_ADA}")
        self.assert_refused(
            "is a directory", f"--source={self.folder}", "--output=x"
        )
        self.assert_refused(
            "unknown config field `resoltion`",
            f"--init_from={_ADA}",
            "--config.resoltion=64",
            tool="train",
        )


if __name__ == "__main__":
    tf.test.main()
