"""The filters against PyWavelets, the official ones and their own laws."""

import numpy as np
import tensorflow as tf

from stylegan_tf.augment import wavelets
from tests.helpers import support


class WaveletsTest(tf.test.TestCase):
    def test_taps_are_those_of_pywavelets(self):
        try:
            import pywt
        except ImportError:
            self.skipTest("pip install PyWavelets")
        for name, taps in (("sym2", wavelets.SYM2), ("sym6", wavelets.SYM6)):
            low = pywt.Wavelet(name).dec_lo
            self.assertAllClose(taps, low, rtol=0, atol=1e-12)

    def test_filters_are_the_official_ones(self):
        arrays, _ = support.golden("k7_augment")
        bands = wavelets.bands()
        self.assertAllClose(bands, arrays["out/Hz_fbank"], atol=1e-7)
        taps = np.array(wavelets.SYM6) / np.sum(wavelets.SYM6)
        self.assertAllClose(taps, arrays["out/Hz_geom"], atol=1e-7)

    def test_bands_sum_to_the_identity(self):
        for size in (1, 2, 7, 32):
            total = wavelets.band_filters(size).sum(axis=0)
            self.assertAllClose(total, np.eye(size), atol=1e-6)

    def test_downsampling_undoes_upsampling(self):
        for size in (2, 5, 16):
            dense = wavelets.upsampler(size)
            samples = dense[np.arange(-5, 2 * size + 5) % (len(dense) - 1)]
            both = wavelets.downsampler(size) @ samples
            self.assertAllClose(both, np.eye(size), atol=1e-6)

    def test_the_pattern_is_endless(self):
        dense = wavelets.upsampler(6)
        self.assertAllEqual(dense[0], dense[-1])
        seen = [wavelets.mirrored(pixel, 4) for pixel in range(-4, 9)]
        self.assertEqual(seen, [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2])


if __name__ == "__main__":
    tf.test.main()
