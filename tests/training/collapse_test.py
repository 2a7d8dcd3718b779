"""Runs that collapse are seen, runs that do not are left in peace."""

import contextlib
import io
import pathlib
import re
import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import progan, quickstart, stylegan
from stylegan_tf import config as config_lib
from stylegan_tf import run_directory
from stylegan_tf.data import order, pipeline, sources
from stylegan_tf.training import collapse, sample_sheet

# collapse/diversity of the sheets of samples of runs that went well, on the
# bundled faces: at 64 px every 10 kimg, and at 32 px from 0.5 kimg on.
_HEALTHY = {
    "faces64, dotted": (0.71, 0.61, 0.60, 0.61, 0.61, 0.65),
    "faces64b": (0.66, 0.70, 0.72, 0.74, 0.75, 0.77, 0.78, 0.78, 0.79),
    "stylegan": (1.24, 1.23, 1.14, 1.03, 0.79, 0.77),
    "stylegan2": (0.68, 0.78, 0.75, 0.65, 0.67, 0.67),
    "500 images": (0.72, 0.74, 0.70, 0.70, 0.68, 0.68, 0.68),
    "500 images, R1 of 0.0064": (0.69, 0.73, 0.67, 0.61),
    "160 images": (1.36, 1.12, 0.95, 0.79, 0.70, 0.65, 0.62, 0.67, 0.70),
}
# ... and of two that did not: one blot on Fashion-MNIST, every 5 kimg, and one
# face from 500 images without a penalty, every 2.5 kimg.
_COLLAPSED = {
    "one blot": (2, (0.43, 0.42, 0.43, 0.33, 0.46)),
    "one face": (
        10,
        (0.74, 0.75, 0.67, 0.62, 0.65, 0.59, 0.58, 0.57)
        + (0.51, 0.42, 0.40, 0.42, 0.40, 0.40, 0.33, 0.33),
    ),
}


def _faces(first, count):
    """Bundled faces, uint8 `[count, 32, 32, 3]`."""
    source = sources.open_source("bundled")
    places = order.order(0, np.arange(first, first + count), len(source))
    return pipeline.read(source, places, source.image_shape)[0]


def _sheet(reals, columns=8, seeds=None):
    seeds = list(range(len(reals))) if seeds is None else seeds
    return sample_sheet.Sheet(reals, None, seeds, columns)


def _diversity(fakes, reals, **sheet):
    return collapse.diversity(fakes, _sheet(reals, **sheet))[
        "collapse/diversity"
    ]


def _modes(count, spread=0.0):
    """64 images of so many modes, which vary by a share of what faces do."""
    modes = _faces(100, count)[np.arange(64) % count].astype(np.float32)
    others = _faces(200, 64)
    made = modes + spread * (others - others.mean(0))
    return made.clip(0, 255).astype(np.uint8)


class DiversityTest(tf.test.TestCase, parameterized.TestCase):
    def test_by_hand(self):
        fakes = np.repeat([0, 3, 3, 9], 4)[:, None, None, None]
        reals = np.arange(0, 160, 10)[:, None, None, None]
        fakes, reals = fakes.astype(np.uint8), reals.astype(np.uint8)
        self.assertEqual(_diversity(fakes, reals), 0.0)
        self.assertEqual(_diversity(reals[::-1] // 2, reals), 0.5)

    @pytest.mark.slow
    def test_as_many_different_faces_have_it_all(self):
        reals = _faces(0, 64)
        self.assertNear(_diversity(_faces(64, 64), reals), 1.0, 0.05)

    @parameterized.parameters(
        (1, 0.0), (1, 0.3), (2, 0.0), (2, 0.3), (4, 0.2), (8, 0.2), (16, 0.2)
    )
    @pytest.mark.slow
    def test_few_modes_have_little(self, modes, spread):
        found = _diversity(_modes(modes, spread), _faces(0, 64))
        self.assertLess(found, 0.5)

    @pytest.mark.slow
    def test_classes_are_looked_at_one_by_one(self):
        # Latents are shared by the rows, so that columns look alike.
        row = _faces(64, 8)
        fakes = np.concatenate([row, row // 2 + 20] * 2)
        classes = {"columns": 8, "seeds": list(range(8)) * 4}
        reals = _faces(0, 32)
        self.assertGreater(_diversity(fakes, reals, **classes), 0.6)
        one = np.repeat(_faces(64, 4), 8, axis=0)  # each class has one image
        self.assertEqual(_diversity(one, reals, **classes), 0.0)

    @pytest.mark.slow
    def test_real_images_that_come_twice_count_once(self):
        reals, fakes = _faces(0, 32), _faces(64, 64)
        twice = np.concatenate([reals, reals])
        self.assertNear(_diversity(fakes, twice), 1.0, 0.1)

    def test_too_few_images_tell_nothing(self):
        faces = _faces(0, 15)
        self.assertEqual(collapse.diversity(faces, _sheet(faces)), {})
        same = np.zeros((64, 8, 8, 1), np.uint8)
        self.assertEqual(collapse.diversity(same, _sheet(same)), {})

    @parameterized.parameters((34, 18, 1), (24, 40, 4), (12, 16, 2))
    def test_any_shape(self, *shape):
        random = np.random.RandomState(0)
        reals = random.randint(0, 256, (32, *shape)).astype(np.uint8)
        self.assertAlmostEqual(_diversity(reals, reals), 1.0)

    def test_fakes_are_compared_at_the_size_they_grew_to(self):
        reals = _faces(0, 64)
        coarse = reals.reshape(64, 8, 4, 8, 4, 3).mean((2, 4))
        coarse = coarse.repeat(4, 1).repeat(4, 2).round().astype(np.uint8)
        found = collapse.diversity(coarse, _sheet(reals), resolution=8)
        self.assertNear(found["collapse/diversity"], 1.0, 0.01)


class MemorisationTest(tf.test.TestCase):
    def _of(self, real, held_out, fake):
        report = {"scores/real": real, "scores/fake": fake}
        scored = report | {"scores/held_out": held_out}
        others = {"scores/real": 100.0, "scores/fake": -100.0}
        return collapse.memorisation([scored, others, scored])

    def test_it_is_the_heuristic_of_adaptive_augmentation(self):
        for held_out, expected in ((3.0, 0.0), (1.0, 0.5), (-1.0, 1.0)):
            found = self._of(3.0, held_out, -1.0)
            self.assertEqual(found, {"collapse/memorisation": expected})

    def test_it_waits_for_scores(self):
        self.assertEqual(self._of(0.01, 0.3, 0.0), {})
        self.assertEqual(collapse.memorisation([{"scores/real": 1.0}]), {})


class WatchTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = pathlib.Path(self.create_tempdir().full_path)

    def _said(self, rows, config=None, images_seen=0):
        """Lines said of rounds of 1 kimg, by their number."""
        config = config or quickstart.get_config()
        watch = collapse.Watch(config, self.workdir, images_seen)
        said = {}
        for number, row in enumerate(rows, images_seen // 1000 + 1):
            state = types.SimpleNamespace(images_seen=1000 * number)
            with contextlib.redirect_stderr(io.StringIO()) as errors:
                watch(state, row)
            if errors.getvalue():
                said[number] = errors.getvalue()
        return said

    def test_a_discriminator_that_memorises(self):
        rise = [min(0.05 * n, 0.9) for n in range(30)]
        rows = [{"collapse/memorisation": value} for value in rise + [0.2] * 8]
        said = self._said(rows)
        self.assertLen(said, 2)
        (begins, line), (ends, other) = said.items()
        self.assertEqual(
            line,
            f"At {begins} kimg: D learns its images by heart "
            "(collapse/memorisation 0.53, good below 0.4). Stop with Ctrl-C, "
            "and run the same command with --config.augment.mode=adaptive or "
            "--config.data.mirror=true or --config.loss.r1_gamma=1 "
            "--config.loss.r2_gamma=1.\n",
        )
        self.assertStartsWith(
            other, f"At {ends} kimg: D tells its images from held-out ones less"
        )
        self.assertEqual(begins, 15)

    def test_memorisation_that_augmentation_steers_for_is_no_news(self):
        config = quickstart.get_config()
        rows = [{"collapse/memorisation": 0.55}] * 20
        self.assertLen(self._said(rows, config), 1)
        config.augment.mode, config.augment.heuristic = "adaptive", "validation"
        self.assertEmpty(self._said(rows, config))

    def test_a_generator_of_few_images(self):
        rows = [{"collapse/diversity": v} for v in (0.8, 0.25, 0.2, 0.2, 0.6)]
        said = self._said(rows)
        self.assertEqual(list(said), [3])
        self.assertIn("G makes the same few images", said[3])
        self.assertIn("discriminator_lr=0.0025.", said[3])  # half
        said = self._said([*rows, {"collapse/diversity": 0.7}])
        self.assertEqual(list(said), [3, 6])
        self.assertIn("G's images differ again", said[6])

    def test_a_discriminator_that_is_never_wrong(self):
        rows = [{"loss/discriminator": 10.0**-n} for n in range(8)]
        said = self._said(rows)
        self.assertLen(said, 1)
        self.assertIn("D is never wrong", *said.values())
        rows = [{"loss/discriminator": 0.05}] * 8
        self.assertEmpty(self._said(rows))  # of pairs; of two scores it is ill
        config = config_lib.Config()
        self.assertLen(self._said(rows, config), 1)
        config.loss.adversarial = "wgan"  # -1000 is no news
        self.assertEmpty(self._said(rows, config))

    @parameterized.named_parameters(
        (re.sub(r"\W+", "_", name), name) for name in _HEALTHY
    )
    def test_runs_that_went_well_hear_nothing(self, name):
        rows = [{"collapse/diversity": value} for value in _HEALTHY[name]]
        self.assertEmpty(self._said(rows))

    @parameterized.named_parameters(
        (name.replace(" ", "_"), name) for name in _COLLAPSED
    )
    def test_runs_that_collapsed_hear_it_once(self, name):
        when, values = _COLLAPSED[name]
        rows = [{"collapse/diversity": value} for value in values]
        self.assertEqual(list(self._said(rows)), [when])

    def test_a_run_that_goes_on_is_not_told_again(self):
        rows = [{"collapse/diversity": v} for v in (0.8, 0.2, 0.2, 0.2)]
        self.assertLen(self._said(rows), 1)
        path = self.workdir / run_directory.METRICS
        run_directory.append(
            path,
            [
                {"images_seen": 1000 * number} | row
                for number, row in enumerate(rows, 1)
            ],
        )
        self.assertEmpty(self._said(rows[-1:], images_seen=4000))
        self.assertLen(self._said(rows[-2:], images_seen=1000), 1)


class AdviceTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.product(
        name=list(collapse.gauges(quickstart.get_config())),
        system=(quickstart, stylegan, progan),
    )
    def test_a_run_can_go_on_with_each(self, name, system):
        config = system.get_config()
        options = " ".join(collapse.advice(name, config)).split()
        for option in options:
            field, value = option.removeprefix("--config.").split("=")
            changed = config_lib.flatten(system.get_config())
            self.assertIn(field, changed)
            self.assertNotEqual(str(changed[field]), value)
            group, _ = field.split(".")
            self.assertIn(group, ("augment", "data", "loss", "training"))

    @parameterized.product(
        name=("memorises", "repeats", "wins"),
        kind=("wgan", "msg", "fixed", "validated"),
    )
    def test_what_is_advised_is_taken(self, name, kind):
        config = config_lib.Config()
        if kind in ("wgan", "validated"):
            config.loss.adversarial = "wgan"
            config.data.holdout = 0.1 * (kind == "validated")
        elif kind == "msg":
            config.generator.architecture = "msg"
            config.discriminator.architecture = "msg"
        else:
            config.augment.mode, config.augment.p = "fixed", 0.9
        augments = []
        for advice in collapse.advice(name, config):
            values = config_lib.to_dict(config)
            for option in advice.split():
                field, value = option.removeprefix("--config.").split("=")
                group, field = field.split(".")
                kept = type(values[group][field])
                values[group][field] = kept(value)
            augments.append("augment" in advice)
            config_lib.resolve(config_lib.from_dict(values))
        is_last = kind == "validated" and name != "repeats"
        self.assertEqual(any(augments), is_last)

    def test_what_is_on_is_not_advised(self):
        config = quickstart.get_config()
        config.data.mirror, config.augment.mode = True, "adaptive"
        self.assertEqual(
            collapse.advice("memorises", config),
            ["--config.loss.r1_gamma=1 --config.loss.r2_gamma=1"],
        )

    def test_the_penalty_is_the_run_s_own(self):
        self.assertEqual(
            collapse.advice("repeats", progan.get_config())[0],
            "--config.loss.wgan_gp_weight=20",
        )


if __name__ == "__main__":
    tf.test.main()
