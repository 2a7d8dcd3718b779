"""A short form of the load trial; its bar on speed is for a quiet machine."""

import asyncio
import pathlib
import shutil

import pytest
import tensorflow as tf

from tests.helpers import exports, serving
from tests.trials import load, load_clients


class LoadTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_a_new_version_and_sigterm_drop_no_request(self):
        model = pathlib.Path(self.create_tempdir().full_path, "faces")
        shutil.copytree(exports.folder(), model)
        options = load.parsed(["--clients=8", "--swap_seconds=5"])
        report = load.Report()
        with serving.started(model) as server:
            for part in (load.new_version, load.ending):
                asyncio.run(part(server, "image", options, report))
        self.assertEmpty(report.missed)

    def test_a_tally_has_a_rate_and_percentiles(self):
        tally = load_clients.Tally(
            seconds=[n / 1000 for n in range(1, 101)], elapsed=4.0
        )
        self.assertEqual(tally.rate, 25)
        self.assertAllClose(
            tally.milliseconds(), [50.5, 95.95, 99.99], atol=1e-6
        )


if __name__ == "__main__":
    tf.test.main()
