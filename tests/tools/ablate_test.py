"""tools.ablate as a user calls it, and the parts it plans with."""

import json
import os
import pathlib
import runpy
import shlex
import signal
import subprocess
import sys
import time
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images
from stylegan_tf.command_line import children, variants
from tests.helpers import running

_ROOT = pathlib.Path(__file__).parents[2]
_STYLEGAN = "configs/stylegan.py"
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


def _start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tools.ablate", *arguments],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background may ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _run(*arguments):
    process = _start(*arguments)
    output, errors = process.communicate(timeout=400)
    return process.returncode, output, errors


class MistakesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("--variants=a,mix5", "no variant `mix5`. Did you mean `mix50`?"),
        ("--variants=a --seeds=x", "--seeds must look like"),
        ("--variants=a --config.resolution=48", "variant a: `resolution`"),
        ("--variants=a --config.resoltion=64", "mean `resolution`?"),
        ("", "--variants is needed"),
    )
    def test_they_are_one_line(self, arguments, message):
        output = pathlib.Path(self.get_temp_dir()) / "unmade"
        code, _, errors = _run(
            f"--config={_STYLEGAN}", f"--output={output}", *arguments.split()
        )
        self.assertEqual(code, 1)
        self.assertIn(message, errors)
        self.assertLen(errors.strip().splitlines(), 1)
        self.assertFalse(output.exists())

    def test_a_variant_belongs_in_variants(self):
        code, _, errors = _run(
            f"--config={_STYLEGAN}:f", "--variants=a", "--output=unmade"
        )
        self.assertEqual(code, 1)
        self.assertIn("--variants=a,b,c instead", errors)

    def test_a_file_without_variants_is_refused(self):
        with self.assertRaisesRegex(ValueError, "tiny.py has no VARIANTS"):
            variants.chosen(str(_ROOT / "configs" / "tiny.py"), "a")


class PlanTest(tf.test.TestCase, parameterized.TestCase):
    def _planned(self, config, names, *overrides):
        """Configs that the commands of a dry run come to."""
        output = pathlib.Path(self.get_temp_dir()) / "unmade"
        code, text, errors = _run(
            f"--config={config}",
            f"--variants={','.join(names)}",
            f"--output={output}",
            "--small",
            "--dry_run",
            *overrides,
        )
        self.assertEqual(code, 0, errors[-2000:])
        self.assertFalse(output.exists())
        lines = text.strip().splitlines()
        configs = []
        for line, variant in zip(lines, names, strict=True):
            words = shlex.split(line)
            self.assertIn("tools.train", words)
            self.assertEqual(words[-1], f"--workdir={output / variant}")
            configs.append(
                variants.config_of(
                    str(_ROOT / config),
                    variant,
                    variants.typed_overrides(words),
                )
            )
        return configs

    @parameterized.parameters("stylegan", "stylegan2", "progan")
    def test_small_fits_every_variant(self, family):
        path = f"configs/{family}.py"
        names = runpy.run_path(str(_ROOT / path))["VARIANTS"]
        for config in self._planned(path, names):
            self.assertEqual(config.resolution, 32)
            self.assertEqual(config.growing.batch_sizes, "")
            self.assertEqual(config.training.batch_size, 32)
            is_wgan = config.loss.adversarial == "wgan"
            self.assertEqual(config.loss.r1_gamma == 0, is_wgan)

    def test_what_the_user_overrides_stands_once(self):
        answer = running.run(
            "ablate",
            f"--config={_ROOT / _STYLEGAN}",
            "--variants=f",
            f"--output={self.get_temp_dir()}/my runs",
            "--small",
            "--dry_run",
            "--config.resolution=16",
        )
        self.assertEqual(answer.output.count("--config.resolution="), 1)
        given = running.parse(answer.output)
        self.assertEqual(given["config.resolution"], 16)
        self.assertEqual(given["workdir"], f"{self.get_temp_dir()}/my runs/f")

    def test_the_user_s_overrides_win_and_are_passed_on(self):
        (config,) = self._planned(
            _STYLEGAN,
            ["f"],
            "--config.training.total_kimg=5",
            "--config.loss.r1_gamma",
            "3",
            "--config.data.mirror",
        )
        self.assertEqual(config.training.total_kimg, 5)
        self.assertEqual(config.loss.r1_gamma, 3)
        self.assertTrue(config.data.mirror)

    def test_overrides_are_found_as_typed(self):
        given = ["--config=x.py", "--config.a.b=1", "-config.c", "2"]
        given += ["--noconfig.d", "--config.e", "--output=o"]
        expected = [*given[1:6]]
        self.assertEqual(variants.typed_overrides(given), expected)

    def test_variants_are_taken_once_each(self):
        path = str(_ROOT / _STYLEGAN)
        self.assertEqual(variants.chosen(path, "f, a,f"), ["f", "a"])


class ChildTest(tf.test.TestCase):
    def test_exit_codes_are_explained(self):
        self.assertIn("exit code 3", children.explained(3))
        self.assertIn("SIGKILL", children.explained(-signal.SIGKILL))

    def test_signals_are_as_before_after_the_last_child(self):
        before = signal.getsignal(signal.SIGTERM)
        with children.Runner() as run:
            self.assertEqual(run("doctor", ["--nonsense"]), 1)
            os.kill(os.getpid(), signal.SIGTERM)
            self.assertTrue(run.asked)
        self.assertEqual(signal.getsignal(signal.SIGTERM), before)

    def test_a_closed_terminal_is_passed_on_and_left(self):
        with (
            mock.patch.object(children.quiet, "leave_terminal") as leave,
            children.Runner() as run,
        ):
            run._child = mock.Mock()
            os.kill(os.getpid(), signal.SIGHUP)
            run._child.send_signal.assert_called_once_with(signal.SIGHUP)
        self.assertTrue(run.asked)
        leave.assert_called_once()


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

    def test_a_failure_is_named_and_a_second_call_changes_the_date_only(self):
        chosen = ["--variants=one,bad,two", "--metrics=is0.02k"]
        code, output, errors = _run(*self.arguments, *chosen)
        self.assertEqual(code, 1, errors[-2000:])
        self.assertIn("There is no data set at", errors)
        self.assertIn("- bad: failed with exit code 1", output)
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
        sheet = images.from_bytes(first["samples.png"])
        self.assertEqual(sheet.shape[0], 2 * 64)

        code, output, errors = _run(*self.arguments, *chosen)
        self.assertEqual(code, 1, errors[-2000:])
        self.assertEqual(output.count("is done"), 2)
        second = self._files()
        again = json.loads(second.pop("table.json"))
        self.assertNotEqual(again.pop("date"), told.pop("date"))
        self.assertEqual(again, told)
        first.pop("table.json")
        tables = [each.pop("table.md") for each in (first, second)]
        before, after = (text.decode().split("Date:")[0] for text in tables)
        self.assertEqual(before, after)
        self.assertEqual(first, second)

    def test_ctrl_c_saves_the_run_and_starts_no_other(self):
        process = _start(
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
