"""Resampling against the official operations, values and gradients."""

import contextlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.ops import fast, resample, xla
from tests.helpers import support

# What a trace may ask for; all of it must compute the same.
_WAYS = (
    ("plain", contextlib.nullcontext),
    ("fast", fast.asked),
    ("xla", xla.asked),
)


def _padding(padding):
    """Official x0, x1, y0, y1 (or a number) as top, bottom, left, right."""
    if isinstance(padding, int):
        return (padding,) * 4
    x0, x1, y0, y1 = padding * 2 if len(padding) == 2 else padding
    return (y0, y1, x0, x1)


def _filter(arrays):
    f = arrays.get("in/f")
    return np.outer(f, f) if f is not None and f.ndim == 1 else f


def _grouped(function, x, kernel, groups):
    """A grouped convolution as one convolution a group."""
    parts = zip(
        tf.split(x, groups, axis=-1),
        tf.split(kernel, groups, axis=-1),
        strict=True,
    )
    return tf.concat([function(x, kernel) for x, kernel in parts], axis=-1)


def _apply(x, f, case):
    """The operation of a golden case."""
    up, down = (
        factor if isinstance(factor, int) else factor[::-1]  # x, y
        for factor in (case.get("up", 1), case.get("down", 1))
    )
    if case["op"] == "upfirdn2d":
        padding = _padding(case["padding"])
    elif "padding" not in case:
        return {
            "filter2d": lambda: resample.filter2d(x, f),
            "upsample2d": lambda: resample.upsample2d(x, f, up),
            "downsample2d": lambda: resample.downsample2d(x, f, down),
        }[case["op"]]()
    else:
        own = resample.filter_padding(f, up=up, down=down)
        extra = _padding(case["padding"])
        padding = tuple(a + b for a, b in zip(own, extra, strict=True))
    if case.get("flip_filter") and f is not None:
        f = f[::-1, ::-1]
    gain = case.get("gain", 1)
    if case["op"] == "upsample2d":
        gain *= up**2
    return resample.upfirdn2d(
        x,
        f,
        up=up,
        down=down,
        padding=padding,
        gain=gain,
    )


class UpfirdnTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(*_WAYS)
    @pytest.mark.slow
    def test_matches_official_values_and_gradients(self, way):
        self.enterContext(way())
        count = 0
        for case, arrays in support.cases("k2_upfirdn2d"):
            if case["op"] == "setup_filter":
                continue
            with self.subTest(case["name"]):
                x = tf.constant(support.nhwc(arrays["in/x"]))
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = _apply(x, _filter(arrays), case)
                dy = support.nhwc(arrays["in/dy"])
                dx = tape.gradient(y, x, dy)
                for actual, key in ((y, "out/y"), (dx, "out/d_x")):
                    expected = support.nhwc(arrays[key])
                    error = support.relative_error(actual, expected)
                    self.assertLess(error, 1e-5)
            count += 1
        self.assertEqual(count, 67)

    def test_setup_filter_matches_official(self):
        count = 0
        for case, arrays in support.cases("k2_upfirdn2d"):
            # We normalise always and never flip: two official switches less.
            if case["op"] != "setup_filter" or not case.get("normalize", True):
                continue
            expected = arrays["out/f"]
            if expected.ndim == 1:
                expected = np.outer(expected, expected)
            if case.get("flip_filter"):
                expected = expected[::-1, ::-1]
            taps = np.atleast_1d(case["f"])
            actual = resample.setup_filter(taps, case.get("gain", 1))
            self.assertAllClose(actual, expected, rtol=1e-6)
            count += 1
        self.assertEqual(count, 7)

    def test_sums_for_xla_round_bfloat16_once(self):
        f = resample.setup_filter(resample.DEFAULT_TAPS)
        x = np.random.RandomState(0).standard_normal((2, 8, 8, 3))
        x = tf.cast(x, tf.bfloat16)
        with xla.asked():
            y = resample.upsample2d(x, f)
            exact = resample.upsample2d(tf.cast(x, tf.float32), f)
        self.assertEqual(y.dtype, tf.bfloat16)
        self.assertAllEqual(y, tf.cast(exact, tf.bfloat16))

    def test_upsampling_a_constant_keeps_it_inside(self):
        f = resample.setup_filter(resample.DEFAULT_TAPS)
        y = resample.upsample2d(tf.ones((1, 6, 6, 2)), f)
        self.assertAllClose(y[:, 2:-2, 2:-2], tf.ones((1, 8, 8, 2)))


class ConvolutionTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(*_WAYS)
    @pytest.mark.slow
    def test_matches_official_values_and_gradients(self, way):
        self.enterContext(way())
        count = 0
        for case, arrays in support.cases("k2_conv2d_resample"):
            with self.subTest(case["name"]):
                self._check(case, arrays)
            count += 1
        self.assertEqual(count, 32)

    def _check(self, case, arrays):
        x = tf.constant(support.nhwc(arrays["in/x"]))
        kernel = tf.constant(support.hwio(arrays["in/w"]))
        f = arrays.get("in/f")
        if f is not None and case["flip_filter"]:
            f = f[::-1, ::-1]
        # Ours correlates, but convolves where it upsamples.
        flip = case["flip_weight"] == (case["up"] > 1)
        with tf.GradientTape() as tape:
            tape.watch((x, kernel))
            y = _grouped(
                lambda x, kernel: resample.conv2d_resample(
                    x,
                    tf.reverse(kernel, [0, 1]) if flip else kernel,
                    f,
                    up=case["up"],
                    down=case["down"],
                    padding=_padding(case["padding"]),
                ),
                x,
                kernel,
                case["groups"],
            )
        dy = support.nhwc(arrays["in/dy"])
        dx, dw = tape.gradient(y, (x, kernel), dy)
        for actual, expected in (
            (y, support.nhwc(arrays["out/y"])),
            (dx, support.nhwc(arrays["out/d_x"])),
            (dw, support.hwio(arrays["out/d_w"])),
        ):
            self.assertLess(support.relative_error(actual, expected), 1e-5)


if __name__ == "__main__":
    tf.test.main()
