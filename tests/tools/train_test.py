"""tools.train, tools.generate and tools.benchmark as a user calls them."""

import json
import pathlib
import signal
import time

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import checkpoint, rules
from stylegan_tf.networks import build
from tests.helpers import running, support

_TINY = "--config=configs/tiny.py"


class MistakesTest(tf.test.TestCase, parameterized.TestCase):
    def assert_refused(self, message, *arguments):
        answer = running.run(*arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)

    def test_an_unknown_field_is_refused_with_the_closest(self):
        self.assert_refused(
            "unknown config field `resoltion`. Did you mean `resolution`?",
            "train",
            _TINY,
            "--config.resoltion=64",
        )

    def test_a_missing_config_is_refused_with_the_closest(self):
        self.assert_refused(
            "Did you mean `tiny`?",
            "train",
            "--config=configs/tin.py",
            "--workdir=unused",
        )

    def test_other_mistakes_are_refused_in_one_line(self):
        train = ("train", _TINY)
        self.assert_refused("--workdir", *train)
        self.assert_refused("'abc'", *train, "--config.resolution=abc")
        self.assert_refused(
            "There is no data set at",
            *train,
            "--workdir=unused",
            "--config.data.path=nowhere",
        )
        self.assert_refused(
            "--seeds must look like",
            "generate",
            "--network=x",
            "--output=x",
            "--seeds=a",
        )

    @parameterized.parameters(
        (
            ("--export_stablehlo=out", "--json=a.json"),
            "--json is for timing: leave out --export_stablehlo",
        ),
        (
            ("--export_stablehlo=out", "--augment=bgc"),
            "--augment is not in what --export_stablehlo writes",
        ),
        (
            ("--start_up", "--trace=out"),
            "--trace is for rates: leave out --start_up",
        ),
        (
            ("--check=tests/benchmark_ratios.json", "--resolution=32"),
            "--resolution is not what --check has figures of",
        ),
        (
            ("--dataset=bundled", "--resolution=64"),
            "give --resolution=32, or other images",
        ),
        (
            ("--export_stablehlo=out", "--resolution=8", "--batch_size=5"),
            "What fits: ",
        ),
        (("--json=/dev/null",), "--json=/dev/null is there and is no file"),
        (("--json=/proc/a.json",), "/proc may not be written by you"),
    )
    def test_benchmark_refuses_what_it_would_ignore(self, arguments, message):
        answer = running.run("benchmark", *arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertNotIn("Traceback", answer.errors)


class StoredTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("{", "is no JSON"),
        ("5", "must hold train_fraction_of_peak and"),
        ("[1]", "must hold"),
        ('{"a": {}}', "must hold"),
        ('{"a": {"train_fraction_of_peak": 0.5}}', "must hold"),
        (
            '{"a": {"train_fraction_of_peak": 0.5, '
            '"generate_fraction_of_peak": "0.5"}}',
            "must hold",
        ),
    )
    def test_a_file_of_something_else_is_refused_first(self, text, message):
        path = pathlib.Path(self.create_tempdir().full_path) / "stored.json"
        path.write_text(text)
        answer = running.run("benchmark", f"--check={path}")
        self.assertEqual(answer.code, 1)
        self.assertIn(f"--check: {path} {message}", answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)


class ChoicesTest(tf.test.TestCase):
    """What `auto` and `small` choose, and say."""

    def _dry_run(self, variant, *arguments):
        config = f"--config=configs/ada.py:{variant}"
        answer = running.run("train", config, "--dry_run", *arguments)
        self.assertEqual(answer.code, 0, answer.errors)
        return answer.output

    @pytest.mark.slow
    def test_a_dry_run_lists_them(self):
        batch = "--config.training.batch_size=16"
        made = json.loads(self._dry_run("small", batch, "--json"))
        choices = {each["field"]: each for each in made["choices"]}
        self.assertEqual([*choices], [*rules.FIELDS])
        self.assertEqual(choices["resolution"]["value"], 32)
        self.assertEqual(choices["training.batch_size"]["value"], 16)
        reason = choices["training.batch_size"]["reason"]
        self.assertStartsWith(reason, "as typed, else 8: ")
        self.assertEqual(made["config"]["training"]["batch_size"], 16)
        self.assertEqual(made["config"]["training"]["ema_half_life_kimg"], 5)
        text = self._dry_run("small", batch)
        self.assertRegex(text, r"\n  training.batch_size +16 +as typed, else")
        self.assertRegex(text, r"this CPU about [\d.,]+ images a second: 600")

    @pytest.mark.slow
    def test_auto_says_what_it_costs_on_a_cpu(self):
        text = self._dry_run("auto", "--config.resolution=8")
        self.assertIn("for CPUs: --config=configs/ada.py:small", text)

    def test_without_data_or_size_it_says_what_it_needs(self):
        answer = running.run(
            *("train", "--config=configs/ada.py:auto", "--dry_run"),
            "--config.data.path=nowhere",
        )
        self.assertEqual(answer.code, 1)
        self.assertIn("no data set at nowhere", answer.errors)
        self.assertIn("--config.resolution, such as 64", answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)


@pytest.mark.slow
class ToolsTest(tf.test.TestCase):
    def test_train_dry_run_prints_one_json_object(self):
        answer = running.run("train", _TINY, "--dry_run", "--json")
        self.assertEqual(answer.code, 0)
        plan = json.loads(answer.output)
        self.assertGreater(plan["generator_parameters"], 1000)
        self.assertGreater(plan["discriminator_parameters"], 1000)
        networks = ("generator", "discriminator")
        phases = {*networks, *(f"regularise_{each}" for each in networks)}
        self.assertEqual(set(plan["phase_flops"]), phases)
        self.assertGreater(min(plan["phase_flops"].values()), 0)
        self.assertEqual(plan["steps"], 8)

    def test_train_stops_at_ctrl_c_goes_on_and_says_when_it_is_done(self):
        workdir = f"{self.get_temp_dir()}/run"
        arguments = ("train", _TINY, f"--workdir={workdir}")
        longer = "--config.training.total_kimg=100"
        process = running.start(*arguments, longer)
        metrics = pathlib.Path(workdir) / "metrics.jsonl"
        while not metrics.exists() or not metrics.read_text():
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors[-2000:])
        self.assertIn("Stopped and saved", output)
        self.assertIn(f"python -m tools.train {_TINY}", output)
        snapshots = sorted((pathlib.Path(workdir) / "snapshots").iterdir())
        reached = int(snapshots[-1].name)
        total = f"--config.training.total_kimg={(reached + 16) / 1000}"
        for expected in ("goes on", "is done"):
            answer = running.run(*arguments, total)
            self.assertEqual(answer.code, 0, answer.errors[-2000:])
            self.assertIn(expected, answer.output)
        self._generate(workdir)

    def _generate(self, workdir):
        folder = pathlib.Path(self.get_temp_dir()) / "out"
        network = f"--network={workdir}"
        for seeds in ("0-4", "3"):
            answer = running.run(
                "generate",
                network,
                f"--seeds={seeds}",
                "--truncation_psi=0.7",
                f"--output={folder / seeds}",
            )
            self.assertEqual(answer.code, 0, answer.errors[-2000:])
        many = Image.open(folder / "0-4" / "seed0003.png")
        alone = Image.open(folder / "3" / "seed0003.png")
        np.testing.assert_array_equal(np.asarray(many), np.asarray(alone))
        grid = folder / "grid.png"
        running.run(
            "generate",
            network,
            "--seeds=0-5",
            "--grid=2x3",
            f"--output={grid}",
        )
        self.assertEqual(Image.open(grid).size, (96, 64))

    def test_generate_asks_conditional_networks_for_a_class(self):
        config = support.small_config(label_size=3)
        folder = pathlib.Path(self.get_temp_dir()) / "conditional"
        network = checkpoint.save(
            folder,
            {"ema_generator": build.generator(config)},
            config=config,
            images_seen=0,
        )
        output = folder / "images"
        arguments = (
            "generate",
            f"--network={network}",
            "--seeds=1",
            "--noise=random",
            f"--output={output}",
        )
        for number, expected, told in (
            ("", 1, "--class is needed: this network has 3 classes, 0 to 2"),
            ("3", 1, "--class must be 0 to 2: this network has 3 classes"),
            ("2", 0, ""),
        ):
            extra = (f"--class={number}",) if number else ()
            answer = running.run(*arguments, *extra)
            self.assertEqual(answer.code, expected, answer.errors[-2000:])
            self.assertIn(told, answer.errors)
        self.assertTrue((output / "seed0001.png").exists())

    def test_benchmark_writes_its_keys(self):
        file = pathlib.Path(self.get_temp_dir()) / "figures.json"
        answer = running.run(
            "benchmark",
            "--resolution=16",
            "--channel_base=64",
            "--channel_max=8",
            "--batch_size=4",
            "--repeats=1",
            f"--json={file}",
        )
        self.assertEqual(answer.code, 0, answer.errors[-2000:])
        figures = json.loads(file.read_text())
        self.assertContainsSubset(
            [
                "train_images_per_second",
                "train_fraction_of_peak",
                "generate_images_per_second",
                "generate_fraction_of_peak",
                "phases",
                "peak_flops",
            ],
            figures,
        )
        self.assertLess(figures["train_fraction_of_peak"], 1.0)


if __name__ == "__main__":
    tf.test.main()
