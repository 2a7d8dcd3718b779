"""What a number was computed on, in words."""

import json
import pathlib
from unittest import mock

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import environment, processor


class MachineTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("avx avx2 fma", "AVX2"),
        ("avx2 avx512f avx512_bf16", "AVX-512"),
        ("amx_bf16 avx2 avx512f", "AMX"),
        ("asimd", ""),
    )
    def test_a_processor_is_of_the_kind_of_its_widest_instructions(
        self, flags, expected
    ):
        with (
            mock.patch.object(processor, "model", return_value="Some CPU"),
            mock.patch.object(
                processor, "flags", return_value=set(flags.split())
            ),
            mock.patch("os.sched_getaffinity", return_value={0, 1}),
            mock.patch.object(
                tf.config, "list_physical_devices", return_value=[]
            ),
        ):
            self.assertEqual(processor.instructions(), expected)
            self.assertEqual(
                environment.machine(),
                f"Some CPU x 2, {expected}" if expected else "Some CPU x 2",
            )

    def test_every_key_of_stored_ratios_names_such_a_kind(self):
        file = pathlib.Path(__file__).parent / "benchmark_ratios.json"
        for key, ratios in json.loads(file.read_text()).items():
            self.assertRegex(key, r" x \d+, (AVX2|AVX-512|AMX), \w+\Z")
            self.assertLen(ratios, 2)


if __name__ == "__main__":
    tf.test.main()
