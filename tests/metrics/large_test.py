"""Memory and seconds of many samples, in processes of their own.

`pytest -s tests/metrics/large_test.py` prints the figures; with SAMPLES=50000
in the environment, those of precision and recall for as many (8 minutes).
"""

import json
import pathlib
import subprocess
import sys

import pytest
import tensorflow as tf

_ROOT = pathlib.Path(__file__).parents[2]
_GIB = 2**30
_HEAD = """
import json, os, time
import numpy as np

def memory(name):
    with open("/proc/self/status") as file:
        return int(file.read().split(name)[1].split()[0]) * 1024

random = np.random.default_rng(0)
"""
# Features come and go in blocks, as a network's would.
_FID = """
from stylegan_tf.metrics import fid
idle, sets = memory("VmRSS:"), []
for count in (50_000, 4_000):
    statistics = fid.Statistics(2048)
    for _ in range(count // 500):
        statistics.add(random.standard_normal((500, 2048), np.float32))
    sets.append(statistics)
fid.from_statistics(*sets)
peak = memory("VmHWM:") - idle
ratios = {}
for count in (10_000, 50_000):
    features = random.standard_normal((count, 2048), np.float32)
    start = time.perf_counter()
    statistics = fid.Statistics(2048)
    statistics.add(features)
    statistics.covariance()
    ours = time.perf_counter() - start
    start = time.perf_counter()
    np.cov(features, rowvar=False)
    ratios[count] = ours / (time.perf_counter() - start)
print(json.dumps({"peak_gib": peak / 2**30,
    "seconds_over_those_of_numpy_cov": ratios}))
"""
_PRECISION_RECALL = """
from stylegan_tf.metrics import precision_recall
count, idle, sets = int(os.environ.get("SAMPLES", 4_000)), memory("VmRSS:"), []
for _ in range(2):
    features = np.empty((count, 4096), np.float16)
    for block in np.split(features, count // 1000):
        block[:] = random.standard_normal(block.shape, np.float32)
    sets.append(features)
start = time.perf_counter()
precision_recall.from_features(*sets, rounding="float16")
print(json.dumps({"count": count, "peak_gib": (memory("VmHWM:") - idle) / 2**30,
    "seconds": time.perf_counter() - start}))
"""


@pytest.mark.slow
class LargeTest(tf.test.TestCase):
    def test_fid_of_50000_images_stays_below_one_and_a_half_gib(self):
        figures = _measure(_FID)
        self.assertLess(figures["peak_gib"], 1.5)

    def test_precision_of_50000_images_would_stay_below_two_gib(self):
        """Blocks do not grow with the count: only the features do."""
        figures = _measure(_PRECISION_RECALL)
        more = 50_000 - figures["count"]  # of both sets, in float16
        self.assertLess(figures["peak_gib"] + 2 * more * 4096 * 2 / _GIB, 2.0)


def _measure(script):
    done = subprocess.run(
        [sys.executable, "-c", _HEAD + script],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    print(done.stdout)
    return json.loads(done.stdout)


if __name__ == "__main__":
    tf.test.main()
