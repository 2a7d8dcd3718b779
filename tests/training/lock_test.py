"""A run directory has one training at a time."""

import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import warnings
from unittest import mock

import tensorflow as tf

from stylegan_tf.training import lock

_HOLD = """
import sys, time
import importlib.util
spec = importlib.util.spec_from_file_location("lock", sys.argv[1])
lock = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lock)
with lock.held(sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


class LockTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = pathlib.Path(self.create_tempdir().full_path) / "run"

    def _holder(self):
        """Another process that holds the lock."""
        process = subprocess.Popen(
            [sys.executable, "-c", _HOLD, lock.__file__, str(self.workdir)],
            stdout=subprocess.PIPE,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        process.stdout.readline()
        return process

    def test_the_other_process_is_named_until_it_is_killed(self):
        process = self._holder()
        with self.assertRaisesRegex(
            ValueError,
            f"run is being trained by process {process.pid} on .*--workdir",
        ):
            with lock.held(self.workdir):
                self.fail("two trainings in one run directory")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertTrue((self.workdir / lock.FILE).exists())
        with lock.held(self.workdir):
            text = (self.workdir / lock.FILE).read_text()
            self.assertIn(f"process {os.getpid()} on", text)
        self.assertFalse((self.workdir / lock.FILE).exists())

    def test_other_work_has_its_own_file_and_words(self):
        taken = "{folder} is taken by {holder}"
        with lock.held(self.workdir, "other.lock", taken):
            self.assertTrue((self.workdir / "other.lock").exists())
            with self.assertRaisesRegex(ValueError, "run is taken by process"):
                with lock.held(self.workdir, "other.lock", taken):
                    self.fail("twice")
            with lock.held(self.workdir):
                pass  # no training is going on

    def test_it_is_free_again_after_an_error(self):
        self.workdir.mkdir()
        for _ in range(2):
            with self.assertRaises(ZeroDivisionError):
                with lock.held(self.workdir):
                    raise ZeroDivisionError
        self.assertEmpty([*self.workdir.iterdir()])

    def test_a_training_that_is_refused_leaves_no_directory(self):
        with lock.held(self.workdir):
            pass
        self.assertFalse(self.workdir.exists())
        with lock.held(self.workdir):
            (self.workdir / "config.json").touch()
        self.assertTrue(self.workdir.exists())

    def test_a_file_that_its_holder_removed_meanwhile_is_no_lock(self):
        self.workdir.mkdir()
        path, flock = self.workdir / lock.FILE, fcntl.flock
        calls = []

        def late(file, operation):
            calls.append(operation)
            if len(calls) == 1:
                path.unlink()
            flock(file, operation)

        with mock.patch.object(fcntl, "flock", late):
            with lock.held(self.workdir):
                self.assertTrue(path.exists())
        self.assertLen(calls, 2)

    def test_a_disk_that_knows_no_locks_is_told(self):
        error = OSError(95, "Operation not supported")
        with mock.patch.object(fcntl, "flock", side_effect=error):
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                with lock.held(self.workdir):
                    pass
        self.assertIn("Operation not supported", str(told[0].message))


if __name__ == "__main__":
    tf.test.main()
