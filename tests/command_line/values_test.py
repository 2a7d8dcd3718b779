"""Values that no tool takes: refused at once, in one line."""

import pathlib
import tempfile
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import checkpoint
from stylegan_tf import config as config_lib
from stylegan_tf.command_line import values
from stylegan_tf.networks import build
from tests.helpers import running

_FIXTURE = "--network=tests/fixtures/quickstart"
_TINY = "--config=configs/tiny.py"
_ABLATE = ("--config=configs/stylegan.py", "--variants=a,b", "--small")


class _ToolTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(folder)

    def assert_refused(self, message, tool, *arguments):
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 1, answer.output)
        self.assertIn(message, answer.errors)
        if "feature network" not in message:  # which lists where to get it
            self.assertLen(answer.errors.splitlines(), 1, answer.errors)
        self.assertEmpty(answer.output)


class FlagsTest(_ToolTest):
    @parameterized.parameters(
        ("generate", _FIXTURE, "--output="),
        ("prepare_dataset", "--source=bundled", "--output="),
        ("export", _FIXTURE, "--output="),
        ("evaluate", _FIXTURE, "--output="),
        ("evaluate", _FIXTURE, "--metrics="),
        ("import_network", "--source=x", "--output="),
        ("train_classifier", "--dataset=bundled", "--output="),
        ("train_extractor", "--output="),
        ("ablate", *_ABLATE, "--output="),
        ("train", _TINY, "--workdir="),
        ("benchmark", "--json="),
        ("doctor", "--dataset="),
    )
    def test_a_value_that_is_empty_is_refused(self, tool, *arguments):
        name = arguments[-1]
        self.assert_refused(f"{name} is empty", tool, *arguments)

    @parameterized.parameters(
        ("generate", _FIXTURE, "--output=x", "--truncation_psi=nan"),
        ("generate", _FIXTURE, "--output=x", "--truncation_psi=-inf"),
        ("generate", _FIXTURE, "--output=x", "--truncation_cutoff=-1"),
        ("generate", _FIXTURE, "--output=x", "--class=-1"),
        ("ablate", *_ABLATE, "--output=x", "--truncation_psi=nan"),
        ("train_classifier", "--dataset=x", "--output=x", "--kimg=-1"),
        ("train_classifier", "--dataset=x", "--output=x", "--kimg=nan"),
        ("train_classifier", "--dataset=x", "--output=x", "--channel_max=0"),
        ("train_classifier", "--dataset=x", "--output=x", "--resolution=0"),
        ("train_classifier", "--dataset=x", "--output=x", "--learning_rate=0"),
        ("train_extractor", "--output=x.npz", "--steps=0"),
        ("benchmark", "--repeats=0"),
        ("benchmark", "--batch_size=0"),
        ("benchmark", "--channel_max=0"),
        ("benchmark", "--resolution=-4"),
        ("evaluate", _FIXTURE, "--seed=4294967296"),
        ("prepare_dataset", "--source=x", "--output=x", "--resolution=-3"),
    )
    def test_a_number_of_no_use_is_refused(self, tool, *arguments):
        name = arguments[-1].split("=")[0]
        self.assert_refused(f"{name}", tool, *arguments)

    @parameterized.parameters(
        ("0-4294967295", "at most 1,000,000 at once. Received: 0-4294967295"),
        ("0-999999,1", "which is 1,000,001"),
        ("4294967296", "stay under 2**32"),
        ("3-1", "must rise"),
        ("a", "must look like 1,2,5-8"),
        ("", "must look like 1,2,5-8"),
    )
    def test_seeds_are_counted_before_they_are_listed(self, text, message):
        with self.assertRaises(ValueError) as caught:
            values.seeds(text)
        self.assertIn(message, str(caught.exception))

    def test_a_seed_that_comes_again_is_taken_once(self):
        self.assertEqual(values.seeds("0,0,1"), [0, 1])
        self.assertEqual(values.seeds("7,1-3,2-4,7"), [7, 1, 2, 3, 4])

    def test_seeds_are_lists_and_ranges(self):
        self.assertEqual(values.seeds("1, 2,5-8"), [1, 2, 5, 6, 7, 8])
        self.assertLen(values.seeds("0-999999"), 1_000_000)


class BeforehandTest(_ToolTest):
    """What can be known is known before hours of work, in dry runs too."""

    @parameterized.parameters(
        ("names=fid5k_ful", "Did you mean `fid50k_full`?"),
        ("names=,", "',': there is no such metric. Any count"),
        ("features=nowhere", "no feature networks at nowhere"),
        ("classifiers=nowhere", "no attribute classifiers in nowhere"),
        ("features={folder}", "The feature network 'lpips'"),
    )
    def test_training_knows_what_it_can_not_measure(self, field, message):
        names = "--config.metrics.names=ls,ppl1k_wend"
        field = field.format(folder=self.folder)
        self.assert_refused(
            message,
            "train",
            _TINY,
            "--dry_run",
            names,
            f"--config.metrics.{field}",
        )

    @parameterized.parameters(
        ("--metrics=,", "',': there is no such metric. Any count"),
        ("--metrics=fid5k_ful", "Did you mean `fid50k_full`?"),
        ("--features=nowhere", "no feature networks at nowhere"),
        ("--classifiers=nowhere", "no attribute classifiers in nowhere"),
        ("--features={folder}", "The feature network 'lpips'"),
    )
    @pytest.mark.slow
    def test_so_do_evaluate_and_ablate(self, argument, message):
        argument = argument.format(folder=self.folder)
        metrics = "--metrics=ls,ppl1k_wend"
        self.assert_refused(
            message, "evaluate", _FIXTURE, "--dry_run", metrics, argument
        )
        output = f"--output={self.folder / 'runs'}"
        self.assert_refused(
            message, "ablate", *_ABLATE, output, "--dry_run", metrics, argument
        )

    def test_a_variant_that_could_not_train_is_named_first(self):
        self.assert_refused(
            "variant a: `training.batch_size`",
            "ablate",
            *_ABLATE,
            f"--output={self.folder / 'runs'}",
            "--dry_run",
            "--config.training.batch_size=6",
        )

    def test_a_file_that_may_not_be_written_is_refused(self):
        rows = self.folder / "rows.jsonl"
        rows.write_text("")
        with mock.patch("os.access", lambda path, mode: path != rows):
            self.assert_refused(
                "may not be written by you: give another, such as --output=",
                "evaluate",
                _FIXTURE,
                "--dry_run",
                "--metrics=msssim0.02k",
                f"--output={rows}",
            )

    def test_several_workers_without_a_cluster_are_refused(self):
        self.assert_refused(
            "multi_worker needs a cluster",
            "train",
            _TINY,
            "--dry_run",
            "--strategy=multi_worker",
        )

    @parameterized.parameters(
        ("total_kimg=inf", "`training.total_kimg` must be a number"),
        ("batch_size=6", "What fits: batch_size=4 or batch_size=8"),
    )
    def test_training_knows_what_it_can_not_train(self, field, message):
        field = f"--config.training.{field}"
        for more in ("--dry_run", f"--workdir={self.folder / 'run'}"):
            self.assert_refused(message, "train", _TINY, field, more)
        self.assertFalse((self.folder / "run").exists())


class NotesTest(_ToolTest):
    @pytest.mark.slow
    def test_a_slow_precision_is_told_in_one_line(self):
        with mock.patch(
            "stylegan_tf.processor.flags", lambda: {"avx2", "avx512f"}
        ):
            answer = running.run(
                "train",
                _TINY,
                "--dry_run",
                "--json",
                "--config.training.precision=bfloat16",
                "--config.resolution=8",
            )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)
        self.assertStartsWith(
            answer.errors,
            "train: training.precision=bfloat16 takes 15.0 times as long as "
            "float32 on this processor, which has no avx512_bf16 or amx_bf16.",
        )
        self.assertStartsWith(answer.output, "{")


class ConfigFilesTest(_ToolTest):
    """A file of --config is a program: its mistakes have a place."""

    @parameterized.parameters(
        ("def get_config()\n    pass\n", ":1: SyntaxError: expected ':'"),
        ("import no_such_module\n", ":1: ModuleNotFoundError: No module named"),
        ("x = 1\n\ndef get_config():\n    return 1 / 0\n", ":4: ZeroDivision"),
        ("def get_config():\n    return {}['x']\n", ":2: KeyError: 'x'"),
        ("def get_config():\n    return x.y\n", ":2: NameError: name 'x'"),
        ("def get_config():\n    return ().y\n", ":2: AttributeError: 'tuple'"),
        ("def get_config():\n    return int('x')\n", ":2: invalid literal"),
        ("def get_config():\n    open('x/y')\n", ":2: FileNotFoundError: "),
        ("def get_config():\n    return []\n", ": get_config() must return"),
    )
    def test_a_mistake_is_told_with_its_line(self, code, message):
        path = self.folder / "mine.py"
        path.write_text(code)
        for flag in ((f"--config={path}",), ("--config", str(path))):
            self.assert_refused(f"{path}{message}", "train", *flag)

    def test_a_file_without_the_function_is_told(self):
        path = self.folder / "mine.py"
        path.write_text("def config():\n    return None\n")
        self.assert_refused(
            f"{path}: it has no function get_config()",
            "train",
            f"--config={path}",
        )

    def test_a_run_that_is_there_is_said_to_need_the_same_again(self):
        config = config_lib.resolve(tiny.get_config())
        run = self.folder / "my run"
        checkpoint.save(
            run,
            {"ema_generator": build.generator(config)},
            config=config,
            images_seen=64,
        )
        for more in ((), ("--dry_run",)):
            answer = running.run("train", f"--workdir={run}", *more)
            self.assertEqual(answer.code, 1, answer.output)
            told = answer.errors
            self.assertStartsWith(told, "train: --config is needed. ")
            self.assertIn("give the same --config", told)
        _, advice = told.split("from its networks: ")
        given = running.parse(advice)
        self.assertEqual(given["init_from"], str(run))
        self.assertEqual(given["workdir"], f"{run}-2")

    def test_none_is_asked_for(self):
        for arguments in ((), ("--config=",)):
            self.assert_refused(
                "--config must name a file", "train", *arguments
            )


if __name__ == "__main__":
    tf.test.main()
