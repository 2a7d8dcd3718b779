"""Speed by steps, and by a matrix product where steps are too slow."""

from unittest import mock

import tensorflow as tf

from stylegan_tf.doctor import costs
from stylegan_tf.training.planning import benchmark, plan
from tests.helpers import support

_PLAN = {
    "train_flops_per_image": 2e9,
    "memory_gib": {"weights_and_optimizers": 0.5, "activations": 1.5},
}
_PEAK = 100e9


class CostsTest(tf.test.TestCase):
    def _measure(self, work, seconds, replicas=1):
        """`Costs` of an iteration of so many FLOPs and seconds."""
        graph = mock.Mock()
        with (
            mock.patch.object(plan, "make", _make),
            mock.patch.object(plan, "trace", return_value={"D": graph}),
            mock.patch.object(costs.flops, "of_graph", return_value=work),
            mock.patch.object(costs, "_seconds", return_value=seconds),
            mock.patch.object(benchmark, "peak_flops", return_value=_PEAK),
        ):
            return costs.measure(support.small_config(), replicas)

    def test_steps_tell_the_speed(self):
        found = self._measure(work=60e9, seconds=2.0)
        self.assertAllClose(found.images_per_second, 15.0)  # 30 GFLOP/s / 2
        self.assertStartsWith(found.how, "from steps")
        self.assertAllClose(found.memory_gib, 0.5 + 1.5 + costs._PROCESS_GIB)

    def test_devices_add_up(self):
        found = self._measure(work=60e9, seconds=2.0, replicas=4)
        self.assertAllClose(found.images_per_second, 60.0)

    def test_slow_steps_are_not_taken(self):
        found = self._measure(work=600e9, seconds=None)
        self.assertAllClose(found.images_per_second, 25.0)  # 50 GFLOP/s / 2
        self.assertIn("100 GFLOP/s", found.how)


def _make(config, replicas, watch):
    watch(config, {})
    return _PLAN


if __name__ == "__main__":
    tf.test.main()
