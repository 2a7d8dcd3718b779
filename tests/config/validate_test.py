"""Fields that do not go together are refused, with what to do."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib


class AugmentationTest(tf.test.TestCase, parameterized.TestCase):
    def _resolve(self, augment, **rooms):
        values = {"augment": augment, **rooms}
        return config_lib.resolve(config_lib.from_dict(values))

    @parameterized.parameters(
        ({"mode": "fixed"}, {}, "`augment.p` must be above 0.*p=0$"),
        (
            {"mode": "adaptive", "p": 0.6, "max_p": 0.5},
            {},
            "at most `augment.max_p`. Received: p=0.6, max_p=0.5",
        ),
        (
            {"mode": "adaptive", "heuristic": "validation"},
            {},
            "set `data.holdout`, 0.05 for instance",
        ),
        (
            {"mode": "adaptive"},
            {"loss": {"adversarial": "wgan"}},
            "validation with `data.holdout` 0.05, or `augment.mode` off",
        ),
        (
            {"mode": "adaptive"},
            {
                "generator": {"architecture": "msg"},
                "discriminator": {"architecture": "msg"},
            },
            "`augment.mode` must be off with msg.*skip and resnet",
        ),
    )
    def test_what_can_not_work_is_refused(self, augment, rooms, message):
        with self.assertRaisesRegex(ValueError, message) as caught:
            self._resolve(augment, **rooms)
        self.assertNotIn("\n", str(caught.exception))
        self._resolve({**augment, "mode": "off"}, **rooms)

    @parameterized.parameters(
        ({"mode": "fixed", "p": 0.9}, {}),
        (
            {"mode": "adaptive", "heuristic": "validation"},
            {"data": {"holdout": 0.1}, "loss": {"adversarial": "wgan"}},
        ),
        ({"mode": "adaptive"}, {"loss": {"adversarial": "hinge"}}),
    )
    def test_what_works_is_taken(self, augment, rooms):
        self._resolve(augment, **rooms)


class LabelLossesTest(tf.test.TestCase):
    def _resolve(self, has_logits, weight, kind="classes"):
        config = config_lib.Config(label_size=3, label_kind=kind)
        config.discriminator.label_logits = has_logits
        config.loss.acgan_weight = weight
        return config_lib.resolve(config)

    def test_label_logits_and_their_loss_need_one_another(self):
        self._resolve(True, 0.2)
        self._resolve(False, 0.0, kind="vectors")
        for values, message in (
            ((False, 1.0), "acgan_weight` needs label logits: progan's"),
            ((True, 0.0), "label_logits` needs `loss.acgan_weight`, such as"),
            ((True, 1.0, "vectors"), "for classes, one for each image"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                self._resolve(*values)


if __name__ == "__main__":
    tf.test.main()
