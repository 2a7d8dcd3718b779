"""What /proc/cpuinfo tells, where there is one."""

import pathlib
from unittest import mock

import tensorflow as tf

from stylegan_tf import processor

_XEON = """processor\t: 0
model name\t: Intel(R) Xeon(R) Silver 4114
flags\t\t: fpu sse2 avx2 avx512f

processor\t: 1
model name\t: Intel(R) Xeon(R) Silver 4114
flags\t\t: fpu sse2 avx2 avx512f
"""
_ARM = "processor\t: 0\nFeatures\t: fp asimd bf16\n"


class ProcessorTest(tf.test.TestCase):
    def _info(self, text):
        path = pathlib.Path(self.create_tempdir().full_path) / "cpuinfo"
        if text is not None:
            path.write_text(text)
        return mock.patch.object(processor, "_INFO", path)

    def test_an_x86_processor_is_known(self):
        with self._info(_XEON):
            self.assertEqual(processor.model(), "Intel(R) Xeon(R) Silver 4114")
            self.assertEqual(
                processor.flags(), {"fpu", "sse2", "avx2", "avx512f"}
            )

    def test_odd_lines_are_passed_over(self):
        with self._info("flags\nflagship: yes\nflags\t: avx2\n"):
            self.assertEqual(processor.flags(), {"avx2"})
        with self._info("model name\n"):
            self.assertEqual(processor.model(), "")
        with self._info("") as path:
            path.write_bytes(b"model name : Intel\xae\n")
            self.assertStartsWith(processor.model(), "Intel")

    def test_nothing_is_claimed_of_others(self):
        for text in (_ARM, "", None):
            with self._info(text):
                self.assertEqual(processor.flags(), set())
                missing = processor.missing("bfloat16", processor.flags())
                self.assertEqual(missing, "")


if __name__ == "__main__":
    tf.test.main()
