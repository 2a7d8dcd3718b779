"""What a dry run says of every config, against the papers' tables."""

import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import progan, stylegan, stylegan2, tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training.planning import plan

# By hand from the official presets, at 1024 pixels: images a step, images a
# replica takes at once, and both rates times 1e4, by resolution.
_PROGAN_V1 = {
    **{size: (16, 16, 10) for size in (4, 8, 16, 32, 64, 128)},
    256: (14, 14, 10),
    512: (6, 6, 10),
    1024: (3, 3, 10),
}
_BATCHES = {
    1: {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4},
    8: {4: 512, 8: 256, 16: 128, 32: 64},
}
_RATES = {128: 15, 256: 20, 512: 30, 1024: 30}
_SIZES = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


def _table(replicas, batches, rates, first=4, at_once=None):
    """Expected stages: resolution to batch, at once, rate."""
    usual = 4 * replicas
    found = {}
    for size in _SIZES[_SIZES.index(first) :]:
        batch = batches.get(size, usual)
        most = batch // replicas
        found[size] = (
            batch,
            (at_once or {}).get(size, most),
            rates.get(size, 10),
        )
    return found


def _progan(replicas):
    rates = {1: {1024: 15}, 8: _RATES}[replicas]
    return _table(replicas, _BATCHES[replicas], rates)


def _stylegan(replicas, most=30):
    rates = {size: min(rate, most) for size, rate in _RATES.items()}
    return _table(replicas, _BATCHES[replicas], rates, first=8)


def _growing_stylegan2(replicas):
    """One batch for any number of GPUs, in micro-batches."""
    batches = {size: 32 for size in _SIZES} | {8: 256, 16: 128, 32: 64}
    most = {8: 32, 16: 16, 32: 8}
    at_once = {size: most.get(size, 4) for size in _SIZES}
    return _table(replicas, batches, _RATES, first=8, at_once=at_once)


def _expected(module, variant, replicas):
    """Stages, precision and averaging."""
    half_life = "half-life 10 kimg"
    if module is progan:
        stages = _PROGAN_V1 if variant == "v1" else _progan(replicas)
        averaging = "0.999 a step"
    elif module is stylegan:
        # With WGAN-GP, on CelebA-HQ, rates end at 0.002.
        most = 20 if variant.startswith("celebahq") else 30
        stages = _stylegan(replicas, most)
        if variant in ("a", "celebahq-a"):
            stages = _progan(replicas)
        averaging = half_life
    elif variant[0] in "abcd":
        stages, averaging = _growing_stylegan2(replicas), half_life
    else:
        stages, averaging = {_sizes(variant)[-1]: (32, 4, 20)}, half_life
    stages = {size: stages[size] for size in _sizes(variant) if size in stages}
    return stages, "float32", averaging


def _sizes(variant):
    """Sizes up to that of the variant's data set."""
    size = {"car": 512}.get(variant.split("-")[-1], 1024)
    if variant.endswith(("bedroom", "cat", "church", "horse")):
        size = 256
    return _SIZES[: _SIZES.index(size) + 1]


_CASES = [
    (module, variant, replicas)
    for module in (progan, stylegan, stylegan2)
    for variant in module.VARIANTS
    for replicas in (1, 8)
    # The paper's ProGAN is for one GPU: 3 images at 1024 pixels.
    if (variant, replicas) != ("v1", 8)
]


class PlanTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_CASES)
    def test_schedules_are_the_papers(self, module, variant, replicas):
        config = module.get_config(variant)
        config.training.total_kimg = 25000
        stages, precision, averaging = _expected(module, variant, replicas)
        found = {
            stage["resolution"]: (
                stage["batch_size"],
                stage["images_per_replica"],
                round(1e4 * stage["generator_lr"], 6),
            )
            for stage in plan.schedules(config_lib.resolve(config), replicas)
        }
        self.assertEqual(found, stages)
        self.assertEqual(config.training.precision, precision)
        self.assertEqual(plan.averaging(config), averaging)


@pytest.mark.slow
class CostsTest(tf.test.TestCase):
    def test_eight_replicas_cost_eight_times_the_share_of_one(self):
        config = tiny.get_config()
        one, eight = plan.make(config, 1), plan.make(config, 8)
        self.assertEqual(eight["images_per_replica"], 1)
        self.assertEqual(one["images_per_replica"], 8)
        self.assertAllClose(
            one["phase_flops"]["generator"], eight["phase_flops"]["generator"]
        )
        text = plan.to_text(eight)
        self.assertLess(text.index("replicas"), text.index("{"))  # the config
        self.assertRegex(text, "replicas +8")
        self.assertRegex(text, "averaged generator +half-life 10 kimg")
        self.assertIn("8 images a step, 1 at once on a replica", text)


if __name__ == "__main__":
    tf.test.main()
