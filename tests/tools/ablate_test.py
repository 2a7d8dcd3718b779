"""tools.ablate as a user calls it, and the parts it plans with."""

import json
import pathlib
import signal
import sys
import time
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import images
from stylegan_tf.command_line import children, configs
from stylegan_tf.data import decode
from tests.helpers import running

_STYLEGAN = "--config=configs/stylegan.py"
_CONFIG = '''
"""Tiny variants; `bad` has no data."""

from configs import tiny

VARIANTS = ("one", "bad", "two")


def get_config(variant="one"):
    config = tiny.get_config()
    config.resolution = 8
    config.data.path = "nowhere" if variant == "bad" else {data!r}
    config.generator.architecture = "orig" if variant == "two" else "skip"
    config.loss.pl_weight = config.loss.r1_gamma = 0.0
    return config
'''


def _in_process(runner, tool, arguments):
    """In place of `children.Runner.run`, which costs a process."""
    answer = running.run(tool, *arguments)
    print(answer.output, end="")
    print(answer.errors, end="", file=sys.stderr)
    return answer.code


class MistakesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("--variants=a,mix5", "no variant `mix5`. Did you mean `mix50`?"),
        ("--variants=a --seeds=x", "--seeds must look like"),
        ("--variants=a --config.resolution=48", "variant a: `resolution`"),
        ("--variants=a --config.resoltion=64", "mean `resolution`?"),
        ("", "--variants is needed"),
        ("--config=configs/stylegan.py:f", "--variants=a,b,c instead"),
        ("--config=configs/tiny.py --variants=a", "tiny.py has no VARIANTS"),
    )
    @pytest.mark.slow
    def test_they_are_one_line(self, arguments, message):
        output = pathlib.Path(self.get_temp_dir()) / "unmade"
        answer = running.run(
            "ablate", _STYLEGAN, f"--output={output}", *arguments.split()
        )
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)
        self.assertFalse(output.exists())


class PlanTest(tf.test.TestCase, parameterized.TestCase):
    def _planned(self, config, names, *overrides):
        """The config of every command that a dry run prints, by variant."""
        output = pathlib.Path(self.get_temp_dir()) / "my runs"
        answer = running.run(
            "ablate",
            config,
            f"--variants={names}",
            f"--output={output}",
            "--small",
            "--dry_run",
            *overrides,
        )
        self.assertEqual(answer.code, 0, answer.errors[-2000:])
        self.assertFalse(output.exists())
        planned = {}
        for line in answer.output.splitlines():
            given = running.parse(line)
            file, variant = given["config"].split(":")
            self.assertEqual(f"--config={file}", config)
            self.assertEqual(given["workdir"], f"{output}/{variant}")
            fields = {
                name.removeprefix("config."): value
                for name, value in given.items()
                if name.startswith("config.")
            }
            own = configs.load(given["config"])
            made = config_lib.resolve(config_lib.changed(own, fields))
            planned[variant] = made
        return planned

    @parameterized.parameters("stylegan", "stylegan2", "progan")
    @pytest.mark.slow
    def test_small_fits_every_variant(self, family):
        names = configs.module(f"configs/{family}.py").VARIANTS
        planned = self._planned(
            f"--config=configs/{family}.py", ",".join(names)
        )
        self.assertEqual([*planned], [*names])
        for config in planned.values():
            self.assertEqual(config.resolution, 32)
            self.assertEqual(config.growing.batch_sizes, "")
            self.assertEqual(config.training.batch_size, 8)
            is_wgan = config.loss.adversarial == "wgan"
            self.assertEqual(config.loss.r1_gamma == 0, is_wgan)

    def test_the_user_s_overrides_win_and_are_passed_on_once(self):
        planned = self._planned(
            _STYLEGAN,
            "f, a,f",
            "--config.training.total_kimg=5",
            "--config.loss.r1_gamma",
            "3",
            "--config.data.mirror",
            "--noconfig.generator.use_noise",
            "--config.training.sample_grid=(2, 3)",
        )
        self.assertEqual([*planned], ["f", "a"])
        config = planned["f"]
        self.assertEqual(config.training.total_kimg, 5)
        self.assertEqual(config.loss.r1_gamma, 3)
        self.assertTrue(config.data.mirror)
        self.assertFalse(config.generator.use_noise)
        self.assertEqual(config.training.sample_grid, (2, 3))

    def test_a_field_stands_once(self):
        arguments = ("--variants=f", f"--output={self.get_temp_dir()}/x")
        answer = running.run(
            "ablate",
            _STYLEGAN,
            *arguments,
            "--small",
            "--dry_run",
            "--config.resolution=16",
        )
        self.assertEqual(answer.output.count("--config.resolution="), 1)
        self.assertIn("--config.resolution=16 ", answer.output)


@pytest.mark.slow
class AblateTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        data = self.folder / "data"
        data.mkdir()
        pixels = np.random.RandomState(0).randint(0, 256, (8, 8, 8, 3))
        for index, image in enumerate(pixels.astype(np.uint8)):
            images.write_png(data / f"{index}.png", image)
        config = self.folder / "family.py"
        config.write_text(_CONFIG.format(data=str(data)).lstrip())
        self.output = self.folder / "ablation"
        self.arguments = (
            f"--config={config}",
            f"--output={self.output}",
            "--seeds=0-2",
        )

    def _files(self):
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in self.output.rglob("*")
            if path.is_file()
        }

    @mock.patch.object(children.Runner, "run", _in_process)
    def test_a_failure_is_named_and_a_second_call_changes_the_date_only(self):
        chosen = ["--variants=one,bad,two", "--metrics=is0.02k"]
        answer = running.run("ablate", *self.arguments, *chosen)
        self.assertEqual(answer.code, 1, answer.errors[-2000:])
        self.assertIn("There is no data set at", answer.errors)
        self.assertIn("- bad: failed with exit code 1", answer.output)
        first = self._files()
        told = json.loads(first["table.json"])
        one, bad, two = told["variants"]
        self.assertEqual((one["kimg"], two["kimg"]), (0.064, 0.064))
        self.assertEqual(two["config"]["generator"]["architecture"], "orig")
        self.assertGreater(one["images_per_second"], 0)
        names = ["is0.02k_mean_offline", "is0.02k_std_offline"]
        self.assertEqual([*one["metrics"]], names)
        self.assertIsNone(bad["generator_parameters"])
        self.assertEqual(told["image_count"], 8)
        sheet = decode.pixels(first["samples.png"])
        self.assertEqual(sheet.shape[0], 2 * 64)

        answer = running.run("ablate", *self.arguments, *chosen)
        self.assertEqual(answer.code, 1, answer.errors[-2000:])
        self.assertEqual(answer.output.count("is done"), 2)
        second = self._files()
        again = json.loads(second.pop("table.json"))
        self.assertNotEqual(again.pop("date"), told.pop("date"))
        self.assertEqual(again, told)
        first.pop("table.json")
        tables = [each.pop("table.md") for each in (first, second)]
        before, after = (text.decode().split("Date:")[0] for text in tables)
        self.assertEqual(before, after)
        self.assertEqual(first, second)

        # What is there would pass for what is asked.
        answer = running.run(
            "ablate",
            *self.arguments,
            "--variants=one",
            "--config.training.generator_lr=0.5",
            "--config.training.sample_kimg=7",
        )
        self.assertEqual(answer.code, 1)
        self.assertIn("one was trained with other settings", answer.errors)
        self.assertIn("training.generator_lr", answer.errors)
        self.assertIn("asked 0.5", answer.errors)
        self.assertNotIn("sample_kimg", answer.errors)
        self.assertIn("Take another --output", answer.errors)
        self.assertNotIn("Traceback", answer.errors)

    def test_ctrl_c_saves_the_run_and_starts_no_other(self):
        process = running.start(
            "ablate",
            *self.arguments,
            "--variants=one,two",
            "--config.training.total_kimg=1000",
        )
        metrics = self.output / "one" / "metrics.jsonl"
        deadline = time.monotonic() + 300
        while not metrics.exists() or not metrics.read_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors[-2000:])
        self.assertIn("Stopped and saved", output)
        self.assertIn("Stopped. To go on:", output)
        self.assertFalse((self.output / "two").exists())
        told = json.loads((self.output / "table.json").read_text())
        one, two = told["variants"]
        self.assertGreater(one["kimg"], 0)
        self.assertIn("of 1000 kimg", one["problem"])
        self.assertEqual(two["problem"], "is not trained yet")


if __name__ == "__main__":
    tf.test.main()
