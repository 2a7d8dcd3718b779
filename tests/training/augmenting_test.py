"""How p moves: by hand-computed values, over replicas, across a resume."""

import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training import augmenting


def _config(**augment):
    config = tiny.get_config()
    settings = config.augment
    settings.mode, settings.speed_kimg = "adaptive", 0.1
    for name, value in augment.items():
        setattr(settings, name, value)
    config.data.holdout = 0.1
    return config_lib.resolve(config)


def _report(sign=0.0, real=0.0, fake=0.0):
    """What an update of D reports."""
    names = "scores/real_sign", "scores/real", "scores/fake"
    values = map(tf.constant, (sign, real, fake))
    return dict(zip(names, values, strict=True))


def _ps(config, signs):
    """p after a move for each of `signs`, four updates of 8 images each."""
    vector, found = augmenting.start(config), []
    for sign in signs:
        for _ in range(4):
            vector = augmenting.observed(vector, _report(sign), 8)
        vector, _ = augmenting.moved(vector, config)
        found.append(float(augmenting.strength(vector)))
    return found


class MovesTest(tf.test.TestCase, parameterized.TestCase):
    def test_by_the_sign_p_goes_up_and_down_between_0_and_its_cap(self):
        # 32 images of 100 a move; 0.6 is no reason to move.
        signs = [0.5, 0.7, 1.0, 0.6, 1.0, 1.0, -1.0, 0.59]
        expected = [0.0, 0.32, 0.64, 0.64, 0.8, 0.8, 0.48, 0.16]
        self.assertAllClose(_ps(_config(), signs), expected)

    def test_the_mean_sign_since_the_last_move_counts(self):
        config = _config(p=0.4, target=0.5)
        vector = augmenting.start(config)
        for sign, images in ((1.0, 24), (-1.0, 8)):
            vector = augmenting.observed(vector, _report(sign), images)
        vector, report = augmenting.moved(vector, config)
        self.assertAllClose(report["augment/heuristic"], 0.5)
        self.assertAllClose(vector, [0.4, 0, 0, 0, 0, 0])
        vector = augmenting.observed(vector, _report(0.25), 10)
        vector, report = augmenting.moved(vector, config)
        self.assertAllClose(report["augment/real_sign"], 0.25)
        self.assertAllClose(vector, [0.3, 0, 0, 0, 0, 0])

    @parameterized.parameters(
        # real, fake, held out, heuristic, p from 0.5 by 0.16
        (2.0, -2.0, 1.0, 0.25, 0.34),
        (2.0, -2.0, -1.0, 0.75, 0.66),
        (2.0, -2.0, 0.0, 0.5, 0.5),
        (-1.0, 1.0, -2.0, 0.0, 0.34),  # fakes look more real than reals
    )
    def test_by_held_out_images(self, real, fake, held_out, heuristic, p):
        config = _config(heuristic="validation", p=0.5)
        vector = augmenting.observed_held_out(
            augmenting.start(config), {"scores/held_out": held_out}, 8
        )
        vector = augmenting.observed(vector, _report(0.9, real, fake), 8)
        # A later D, whose scores are all moved, has no say.
        vector = augmenting.observed(vector, _report(0.9, 7.0, 3.0), 8)
        vector, report = augmenting.moved(vector, config)
        self.assertAllClose(report["augment/heuristic"], heuristic)
        self.assertAllClose(report["augment/real_sign"], 0.9)
        self.assertAllClose(vector, [p, 0, 0, real, fake, held_out])

    def test_the_target_and_the_cap_are_those_of_the_config(self):
        self.assertAllClose(_ps(_config(target=0.2), [0.3, 0.1]), [0.32, 0.0])
        self.assertAllClose(_ps(_config(max_p=0.5), [1.0, 1.0]), [0.32, 0.5])


if __name__ == "__main__":
    tf.test.main()
