"""slerp and lerp: golden and known answers."""

import numpy as np
import tensorflow as tf

from stylegan_tf.metrics import interpolation
from tests.helpers import support


class InterpolationTest(tf.test.TestCase):
    def test_they_are_those_of_the_official_code(self):
        arrays, _ = support.golden("k8_metrics")
        a, b, t = (arrays[f"in/slerp_{each}"] for each in "abt")
        t = t.astype(np.float64)
        w0, w1 = arrays["in/w0"], arrays["in/w1"]
        for suffix, step in (("", 0.0), ("_plus_eps", 1e-4)):
            name = "out/slerp" + ("_t_plus_eps" if step else "")
            found = interpolation.slerp(a, b, t + step)
            self.assertAllClose(found, arrays[name], rtol=1e-6, atol=3e-7)
            found = interpolation.lerp(w0, w1, (t + step)[:, None])
            expected = arrays[f"out/lerp_w{suffix}"]
            self.assertAllClose(found, expected, rtol=1e-6, atol=3e-7)

    def test_slerp_walks_on_the_sphere_at_one_speed(self):
        a, b = np.array([[3.0, 0.0]]), np.array([[0.0, 0.5]])
        for t in (0.0, 0.25, 1.0):
            found = interpolation.slerp(a, b, t)
            angle = t * np.pi / 2
            self.assertAllClose(found, [[np.cos(angle), np.sin(angle)]])

    def test_slerp_between_one_direction_stays(self):
        a = np.array([[1.0, 2.0, 2.0]])
        found = interpolation.slerp(a, 2 * a, 0.3)
        self.assertAllClose(found, a / 3, rtol=1e-6)


if __name__ == "__main__":
    tf.test.main()
