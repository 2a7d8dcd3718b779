"""The doctor's findings, their table and JSON, and the tool as a process."""

import contextlib
import json
import os
import pathlib
import sys
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.doctor import accelerators, costs, findings, machine
from tests.helpers import data_sets, running

_GIB = 2**30


class FindingsTest(tf.test.TestCase):
    def test_the_table_aligns_values_and_shows_remedies(self):
        rows = [
            findings.Finding(findings.OK, "python", "3.12.1"),
            findings.Finding(findings.WARN, "disk", "1 GiB", "free some"),
        ]
        self.assertEqual(
            findings.table(rows).split("\n"),
            [
                "ok    python  3.12.1",
                "warn  disk    1 GiB",
                "              -> free some",
                "",
                "All that is essential works; see disk.",
            ],
        )

    def test_the_table_shows_nothing_that_a_terminal_obeys(self):
        row = findings.Finding(findings.FAIL, "dataset", "\x1b[2J", "\x9b1m")
        text = findings.table([row])
        self.assertIn("fail  dataset  \\x1b[2J\n", text)
        self.assertIn("-> \\x9b1m\n", text)

    def test_only_a_failure_makes_the_machine_unhealthy(self):
        warning = findings.Finding(findings.WARN, "disk", "1 GiB")
        failure = findings.Finding(findings.FAIL, "keras", "not installed")
        self.assertTrue(findings.is_healthy([warning]))
        self.assertFalse(findings.is_healthy([warning, failure]))
        self.assertIn("To mend: keras", findings.summary([warning, failure]))

    def test_json_holds_the_rows(self):
        row = findings.Finding(findings.FAIL, "XLA", "none", "upgrade")
        told = json.loads(findings.to_json([row]))
        self.assertFalse(told["ok"])
        self.assertEqual(told["checks"][0]["remedy"], "upgrade")


class MachineTest(parameterized.TestCase, tf.test.TestCase):
    def test_an_old_python_fails(self):
        with mock.patch.object(sys, "version_info", (3, 10, 2)):
            self.assertEqual(machine.python_version().mark, findings.FAIL)

    def test_a_missing_package_names_the_command(self):
        finding = machine.package("no-such-package")
        self.assertEqual(finding.mark, findings.FAIL)
        self.assertEqual(finding.remedy, "pip install no-such-package")

    def test_an_extra_that_is_missing_is_no_fault(self):
        finding = machine.extra("studio", "no-such-package")
        self.assertEqual(finding.mark, findings.OK)
        self.assertIn("pip install 'stylegan_tf[studio]'", finding.value)
        self.assertStartsWith(machine.extra("x", "keras").value, "keras 3.")

    @parameterized.parameters(
        (100, findings.OK), (2, findings.WARN), (0.1, findings.FAIL)
    )
    def test_free_disk(self, gib, mark):
        self.assertEqual(machine.disk(gib * _GIB, ".").mark, mark)

    @parameterized.parameters(
        (8 * _GIB, findings.OK), (_GIB, findings.WARN), (None, findings.OK)
    )
    def test_free_memory(self, available, mark):
        self.assertEqual(machine.memory(available).mark, mark)


class AcceleratorsTest(parameterized.TestCase, tf.test.TestCase):
    @parameterized.parameters(("1", findings.OK), ("0", findings.WARN))
    def test_onednn(self, setting, mark):
        self.assertEqual(accelerators.onednn(setting).mark, mark)

    def test_xla_doubles_a_number(self):
        self.assertEqual(accelerators.xla(tf).mark, findings.OK)

    def test_a_failing_xla_is_a_warning_with_a_remedy(self):
        with mock.patch.object(tf, "function", side_effect=RuntimeError("no")):
            finding = accelerators.xla(tf)
        self.assertEqual(finding.mark, findings.WARN)
        self.assertIn("jit_compile=off", finding.remedy)

    def test_bfloat16_is_measured(self):
        self.assertIn("GFLOP/s", accelerators.bfloat16(tf, size=64).value)

    def test_a_processor_without_bfloat16_is_named(self):
        seconds = iter((1.0, 15.0))
        with mock.patch.object(
            accelerators, "_matmul_seconds", lambda *_: next(seconds)
        ):
            finding = accelerators.bfloat16(tf, size=64, flags={"avx2"})
        self.assertEqual(finding.mark, findings.WARN)
        self.assertIn("no avx512_bf16 or amx_bf16", finding.remedy)
        self.assertIn("precision=float32", finding.remedy)

    @parameterized.parameters(
        ({}, "and-cuda"), ({"CUDA_VISIBLE_DEVICES": "-1"}, "unset CUDA_VIS")
    )
    def test_a_driver_without_gpu_names_the_remedy(self, variables, remedy):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name != "CUDA_VISIBLE_DEVICES"
        }
        with mock.patch.dict(os.environ, environment | variables, clear=True):
            (finding,) = accelerators.missing_gpu(tf, [], "570.1, H200")
        self.assertEqual(finding.mark, findings.WARN)
        self.assertIn(remedy, finding.remedy)

    def test_no_driver_and_no_gpu_is_no_finding(self):
        self.assertEmpty(accelerators.missing_gpu(tf, [], ""))


@pytest.mark.slow
class ToolTest(tf.test.TestCase):
    def test_json_is_all_it_prints(self):
        process = running.start("doctor", "--json")
        output, _ = process.communicate(timeout=120)
        told = json.loads(output)
        self.assertEqual(process.returncode, 0 if told["ok"] else 1)
        names = {row["name"] for row in told["checks"]}
        self.assertContainsSubset(
            {"python", "tensorflow", "XLA", "oneDNN", "bfloat16"}, names
        )

    def test_a_missing_data_set_is_one_line_without_traceback(self):
        answer = running.run("doctor", "--dataset=/no/such/folder")
        self.assertEqual(answer.code, 1)
        self.assertEmpty(answer.errors)
        self.assertIn("/no/such/folder", answer.output)
        self.assertIn("To mend: dataset.", answer.output)


@pytest.mark.slow
class AdviceTest(tf.test.TestCase):
    @mock.patch.object(costs, "_SECONDS", 0.2)
    def test_the_proposed_commands_run(self):
        self.enterContext(contextlib.chdir(self.create_tempdir().full_path))
        data = data_sets.files(12, height=20, width=20)
        data_sets.folder("mine", data | {"broken.png": b""})
        answer = running.run("doctor", "--dataset=mine", "--json")
        self.assertEqual(answer.code, 1, answer.errors)  # not as they are
        told = json.loads(answer.output)
        self.assertEqual(told["dataset"]["images"], 13)
        made = told["proposal"]
        self.assertGreater(made["costs"]["images_per_second"], 0)
        self._run(made["prepare"])
        self._run(made["train"], "--dry_run")
        self._run(made["train"], "--config.training.total_kimg=0.032")
        self.assertNotEmpty(list(pathlib.Path("runs/mine").iterdir()))

        taken = costs.Costs(50.0, "made up", 0.1, 0.2)
        with mock.patch.object(costs, "measure", return_value=taken):
            answer = running.run("doctor", "--dataset=mine-prepared")
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("\nTrain:\n  ", answer.output)
        self.assertIn("It takes about 3.3 hours", answer.output)

    def _run(self, command, *more):
        _, _, tool, *arguments = running.words_of(command)
        tool = tool.removeprefix("tools.")
        answer = running.run(tool, *arguments, *more)
        self.assertEqual(answer.code, 0, answer.errors)
