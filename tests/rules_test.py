"""What the rules choose: the official numbers, ours, and what follows."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import rules
from stylegan_tf.training import accumulation

_FIELDS = (
    "training.batch_size",
    "discriminator.minibatch_group_size",
    "generator.channel_base",
    "training.generator_lr",
    "loss.r1_gamma",
    "training.ema_half_life_kimg",
)
# Of the official `auto`, in the order of `_FIELDS`.
_OFFICIAL = {
    (32, 1): (32, 4, 16384, 0.0025, 0.0064, 10),
    (128, 1): (32, 4, 16384, 0.0025, 0.1024, 10),
    (256, 1): (16, 4, 16384, 0.0025, 0.8192, 5),
    (256, 8): (64, 4, 16384, 0.0025, 0.2048, 20),
    (512, 1): (8, 4, 32768, 0.0025, 6.5536, 2.5),
    (1024, 1): (4, 4, 32768, 0.002, 52.4288, 1.25),
    (1024, 8): (32, 4, 32768, 0.002, 6.5536, 10),
    (2048, 8): (16, 2, 32768, 0.002, 52.4288, 5),
    (32, 128): (128, 1, 16384, 0.0025, 0.0016, 40),
}


def _chosen(kind="ada", **facts):
    """Values by field."""
    found = rules.choices(kind, **facts)
    return {each.field: each.value for each in found}


class ChoicesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_OFFICIAL)
    def test_auto_is_the_official_one(self, resolution, replicas):
        found = _chosen(resolution=resolution, replicas=replicas)
        expected = _OFFICIAL[resolution, replicas]
        self.assertEqual(tuple(found[field] for field in _FIELDS), expected)
        widths = {found[f"{n}.channel_base"] for n in rules.NETWORKS}
        rates = {found[f"training.{n}_lr"] for n in rules.NETWORKS}
        self.assertLen(widths | rates, 2)
        self.assertEqual(found["training.ema_rampup"], 0.05)
        self.assertEqual(found["loss.adversarial"], "logistic")
        self.assertEqual(found["loss.r2_gamma"], 0.0)
        self.assertEqual(found["training.total_kimg"], 25000)
        self.assertEqual(found["augment.speed_kimg"], 500)

    @parameterized.product(kind=rules.KINDS, replicas=(1, 2, 3, 5, 6, 8))
    def test_batches_can_be_divided(self, kind, replicas):
        for resolution in (8, 32, 96, 192, 512, 1024, 8192):
            found = _chosen(kind, resolution=resolution, replicas=replicas)
            share, rest = divmod(found["training.batch_size"], replicas)
            group = found["discriminator.minibatch_group_size"]
            self.assertEqual((rest, share % group), (0, 0))

    @parameterized.product(kind=rules.KINDS, is_pretrained=(False, True))
    def test_every_field_is_one_of_a_config_within_its_bounds(self, kind, **on):
        known = config_lib.flatten(config_lib.Config())
        for field, value, reason in rules.choices(kind, resolution=64, **on):
            self.assertIs(type(value), type(known[field]), field)
            self.assertLess(len(reason), 72)

    def test_what_is_given_wins_and_the_rest_follows(self):
        given = {"training.batch_size": 8, "augment.speed_kimg": 500.0}
        made = rules.choices(resolution=64, given=given)
        found = {each.field: each for each in made}
        batch = found["training.batch_size"]
        self.assertEqual(batch.value, 8)
        self.assertStartsWith(
            batch.reason, "as typed, else 32: 4096 // 64 images"
        )
        self.assertAllClose(found["loss.r1_gamma"].value, 0.0002 * 64 * 8)
        self.assertEqual(found["training.ema_half_life_kimg"].value, 2.5)
        self.assertEqual(found["augment.speed_kimg"].value, 500.0)

    def test_any_limit_of_images_at_once_fits(self):
        for limit in range(1, 33):
            typed = {"training.max_batch_per_replica": limit}
            found = _chosen(resolution=32, given=typed)
            config = config_lib.Config(resolution=32)
            config = config_lib.changed(config, {**found, **typed})
            rounds = accumulation.rounds(config, 1)  # refuses what does not
            self.assertLessEqual(config.training.batch_size // rounds, limit)

    def test_what_can_not_be_is_left_to_the_checks_that_name_it(self):
        for given, replicas in (
            ({"training.max_batch_per_replica": -1}, 1),
            ({"training.batch_size": 1}, 2),
        ):
            found = _chosen(resolution=32, given=given, replicas=replicas)
            self.assertGreater(found["discriminator.minibatch_group_size"], 0)

    def test_a_reason_says_what_a_group_is_of(self):
        for typed, limit, reason in (
            (32, 5, "divides the 4 images at once"),
            (32, 0, "divides the 32 images of a device"),
            (7, 5, "one image at once"),
            (7, 0, "all 7 images of a device"),
        ):
            given = {
                "training.batch_size": typed,
                "training.max_batch_per_replica": limit,
            }
            made = rules.choices(resolution=32, given=given)
            (found,) = [x for x in made if x.field.endswith("group_size")]
            self.assertStartsWith(found.reason, reason)

    def test_a_group_divides_the_images_at_once(self):
        given = {"training.batch_size": 12, "training.max_batch_per_replica": 3}
        found = _chosen(resolution=64, given=given)
        self.assertEqual(found["discriminator.minibatch_group_size"], 3)

    def test_small_networks_are_those_measured(self):
        """quickstart's and docs/networks/faces64's R1 and width."""
        for resolution, gamma in ((32, 0.5), (64, 1.0)):
            found = _chosen("small", resolution=resolution)
            self.assertEqual(found["loss.r1_gamma"], gamma)
            self.assertEqual(found["generator.channel_base"], 1024)
            self.assertEqual(found["training.generator_lr"], 0.005)
            self.assertEqual(found["training.batch_size"], 8)
            self.assertEqual(found["loss.adversarial"], "relativistic")
            self.assertEqual(found["loss.r2_gamma"], gamma)
        found = _chosen("small", resolution=256)
        self.assertEqual(found["discriminator.channel_base"], 16 * 256)

    def test_wide_networks_keep_stylegan2_s_rate(self):
        found = _chosen("small", resolution=256, channel_max=512)
        self.assertEqual(found["training.discriminator_lr"], 0.002)

    def test_large_images_come_in_smaller_batches(self):
        found = _chosen("small", resolution=1024)
        self.assertEqual(found["training.batch_size"], 4)

    def test_r2_follows_r1_and_goes_with_pairs(self):
        found = _chosen("small", resolution=32, given={"loss.r1_gamma": 2.0})
        self.assertEqual(found["loss.r2_gamma"], 2.0)
        given = {"loss.adversarial": "logistic"}
        found = _chosen("small", resolution=32, given=given)
        self.assertEqual(found["loss.r2_gamma"], 0.0)

    def test_hours_make_a_length_and_a_short_run_adapts_fast(self):
        found = _chosen("small", resolution=32, hours=8, images_per_second=150)
        self.assertEqual(found["training.total_kimg"], 4300)
        self.assertEqual(found["augment.speed_kimg"], 430)
        found = _chosen(
            "small", resolution=32, hours=0.5, images_per_second=150
        )
        self.assertEqual(found["augment.speed_kimg"], 27)
        found = _chosen(resolution=32, given={"training.total_kimg": 3.0})
        self.assertEqual(found["augment.speed_kimg"], 10)

    def test_trained_networks_need_less(self):
        found = _chosen(resolution=256, is_pretrained=True)
        self.assertEqual(found["training.ema_rampup"], 0.0)
        self.assertEqual(found["augment.speed_kimg"], 100)
        self.assertEqual(found["training.total_kimg"], 5000)


if __name__ == "__main__":
    tf.test.main()
