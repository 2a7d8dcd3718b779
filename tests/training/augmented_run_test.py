"""Runs whose augmentation adapts: resuming, older snapshots, what is said."""

import contextlib
import functools
import io
import json
import pathlib
import tempfile
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import checkpoint, images, run_directory, snapshot_files
from stylegan_tf.training import actions, augmenting, loop
from tests.helpers import support


@functools.cache
def _data():
    """A folder of 8x8 images: small networks trace fast."""
    folder = pathlib.Path(tempfile.mkdtemp())
    pixels = np.random.RandomState(0).randint(0, 256, (20, 8, 8, 3))
    for index, image in enumerate(pixels.astype(np.uint8)):
        images.write_png(folder / f"{index}.png", image)
    return str(folder)


def _config(total_kimg, **augment):
    """Batches of 8, p moves after 32 images, a snapshot after each round."""
    config = tiny.get_config()
    config.resolution, config.data.path = 8, _data()
    training = config.training
    training.total_kimg, training.deterministic = total_kimg, True
    training.snapshot_kimg, training.keep_snapshots = 0.016, 100
    config.loss.pl_weight = 0.0  # traces less
    values = {"mode": "adaptive", "p": 0.4, "speed_kimg": 0.5, **augment}
    for name, value in values.items():
        setattr(config.augment, name, value)
    return config


@functools.cache
def _whole():
    """Run directory and last state of a run of 96 images."""
    workdir = pathlib.Path(tempfile.mkdtemp())
    return workdir, loop.train(_config(0.096), workdir)


def _p(workdir):
    """p by images seen, as metrics.jsonl has it."""
    lines = (workdir / run_directory.METRICS).open()
    rows = [json.loads(line) for line in lines]
    return {row["images_seen"]: row.get("augment/p") for row in rows}


def _parts(workdir):
    return snapshot_files.read_info(checkpoint.find(workdir))["parts"]


@pytest.mark.slow
class RunTest(tf.test.TestCase):
    def _workdir(self):
        return pathlib.Path(self.create_tempdir().full_path)

    def test_p_moves_every_so_many_steps_by_so_much(self):
        workdir, state = _whole()
        p = _p(workdir)
        self.assertEqual([*p], [16, 32, 48, 64, 80, 96])
        moves = np.diff([0.4, *p.values()])
        self.assertAllClose(np.abs(moves), [0, 0.064] * 3, atol=1e-6)
        self.assertAllClose(p[96], augmenting.strength(state.augment))
        self.assertIn("augment_p", _parts(workdir))

    def test_a_run_that_was_killed_is_bit_equal_in_the_end(self):
        whole, expected = _whole()
        # Amid an interval: sums are kept; and once p has moved.
        for stop, kimg in (("0000000048", 0.048), ("0000000064", 0.064)):
            with self.subTest(stop):
                workdir = self._workdir()
                loop.train(_config(kimg), workdir)
                self.assertEqual(checkpoint.find(workdir).name, stop)
                state = loop.train(_config(0.096), workdir)
                for a, b in zip(
                    support.numbers(state),
                    support.numbers(expected),
                    strict=True,
                ):
                    np.testing.assert_array_equal(a, b)
                self.assertEqual(_p(workdir), _p(whole))

    def test_augmentation_may_be_taken_up_dropped_and_fixed(self):
        workdir = self._workdir()
        loop.train(_config(0.016, mode="off"), workdir)
        before = ["discriminator", "discriminator_optimizer", "ema_generator"]
        before += ["generator", "generator_optimizer", "pl_mean"]
        self.assertEqual(_parts(workdir), before)  # as older versions wrote
        state = loop.train(_config(0.064), workdir)
        self.assertAllClose(state.augment[0], _p(workdir)[64])
        self.assertNotAllClose(state.augment[0], 0.4)
        state = loop.train(_config(0.08, mode="fixed", p=0.25), workdir)
        self.assertAllEqual(state.augment, [0.25, 0, 0, 0, 0, 0])
        state = loop.train(_config(0.096, mode="off"), workdir)
        self.assertIsNone(state.augment)
        self.assertEqual(_parts(workdir), before)


class OlderSnapshotTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_a_network_of_before_starts_an_adaptive_run(self):
        from stylegan_tf.training import state as state_lib

        fixture = pathlib.Path(__file__).parents[1] / "fixtures" / "quickstart"
        config = checkpoint.starting_config(fixture)
        config.augment.mode, config.augment.p = "adaptive", 0.3
        state = state_lib.create(config)
        parts = {
            name: state.parts()[name] for name in ("ema_generator", "augment_p")
        }
        seen = checkpoint.restore(fixture, parts, config)
        self.assertEqual(seen, 70016)
        self.assertAllClose(state.augment, [0.3, 0, 0, 0, 0, 0])


class NotesTest(tf.test.TestCase, parameterized.TestCase):
    """What is said while p stays where it is; 20 kimg are long here."""

    def _said(self, *ps, is_resumed=False):
        config = _config(1.0, speed_kimg=100.0, max_p=0.7)
        workdir = pathlib.Path(self.create_tempdir().full_path)
        notes, texts = augmenting.Notes(config, workdir, 0), []
        for kimg, p in enumerate(ps):
            state = type("State", (), {"images_seen": 10_000 * kimg})
            scalars = {"augment/p": float(np.float32(p))}
            if kimg != 2:  # a round without a move of p
                scalars["augment/heuristic"] = 0.75
            with contextlib.redirect_stderr(io.StringIO()) as errors:
                notes(state, scalars)
            texts.append(errors.getvalue().strip())
            row = {"images_seen": 10_000 * kimg, **scalars}
            run_directory.append(workdir / run_directory.METRICS, [row])
            if is_resumed:
                notes = augmenting.Notes(config, workdir, 10_000 * kimg)
        return texts

    def test_a_cap_is_told_once_it_lasts_and_once_only(self):
        *before, told, after = self._said(0.7, 0.7, 0.7, 0.7)
        self.assertEqual([*before, after], [""] * 3)
        self.assertRegex(
            told,
            "^At 20 kimg: p has been at its cap 0.7 for 20 kimg, and D still "
            "knows its images .0.75, target 0.6.*=true or --config.loss.r1_",
        )

    def test_a_resumed_run_says_the_same(self):
        ps = 0.0, 0.7, 0.7, 0.7, 0.7
        self.assertEqual(self._said(*ps), self._said(*ps, is_resumed=True))

    def test_to_leave_the_cap_starts_anew(self):
        self.assertLen(set(self._said(0.7, 0.7, 0.6, 0.7, 0.7)), 1)
        self.assertIn("cap", self._said(0.0, 0.7, 0.7, 0.7)[-1])

    def test_an_augmentation_that_is_not_needed_is_told(self):
        told = self._said(0.0, 0.0, 0.0)[2]
        self.assertIn("p has been 0 for 20 kimg, since D does not know", told)
        self.assertEmpty("".join(self._said(0.3, 0.3, 0.3, 0.3)))

    @parameterized.parameters(
        ({"mode": "off"}, "^off$"),
        ({"mode": "fixed", "preset": "bg"}, "^fixed bg with p=0.4$"),
        (
            {"speed_kimg": 500.0},
            "^adaptive bgc: p starts at 0.4 and moves, by 1 in 500 kimg and up "
            "to 0.8, to keep the mean sign .* at 0.6$",
        ),
        ({"heuristic": "validation", "target": 0.4}, "held out.* at 0.4$"),
    )
    def test_what_augmentation_does_is_one_line(self, augment, expected):
        text = augmenting.describe(_config(1.0, **augment))
        self.assertRegex(text, expected)

    def test_pairs_are_told_apart_by_their_differences(self):
        config = _config(1.0)
        config.loss.adversarial = "relativistic"
        text = augmenting.describe(config)
        self.assertIn("the mean sign of D(real) - D(fake) at 0.6", text)

    def test_on_going_on_p_does_not_start(self):
        text = augmenting.describe(_config(1.0), images_seen=8)
        self.assertStartsWith(text, "adaptive bgc: p goes on where it was and")

    def test_fields_that_change_nothing_are_told(self):
        off, typed = _config(1.0, mode="off"), ["augment.p", "data.mirror"]
        text = augmenting.unused(off, typed)
        self.assertStartsWith(text, "--config.augment.p changes nothing")
        self.assertEqual(augmenting.unused(off, ["augment.mode"]), "")
        self.assertEqual(augmenting.unused(_config(1.0), typed), "")

    def test_the_bar_does_not_wait_for_what_is_seldom_said(self):
        notes = augmenting.Notes(_config(1.0), "none", 0)
        state = mock.Mock(images_seen=0)
        self.assertEqual(actions.next_due([notes], state), "")


if __name__ == "__main__":
    tf.test.main()
