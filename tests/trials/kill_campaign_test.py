"""A short form of the kill campaign: one run, killed twice."""

import pathlib
import sys
import time

import pytest
import tensorflow as tf

from tests.trials import kill_campaign

_ROOT = pathlib.Path(__file__).parents[2]
_IMAGES = 96
_MOMENTS = ("prune", "write")
_SEED = 149  # kills early, so that there is something left to be killed


class KillCampaignTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_a_run_that_is_killed_ends_as_one_without_a_break(self):
        output = pathlib.Path(self.create_tempdir().full_path)
        trainings = kill_campaign.Trainings(
            _ROOT, output, images=_IMAGES, python=sys.executable
        )
        whole, workdir = output / "whole", output / "killed"
        process = trainings.start("stylegan2", whole, 0.016)
        result = kill_campaign.campaign(
            trainings,
            "stylegan2",
            workdir,
            seed=_SEED,
            startup=10,
            deadline=time.monotonic(),
            moments=_MOMENTS,
        )
        self.assertEqual(process.wait(), 0)
        kill_campaign.check(trainings, result, workdir, whole)
        self.assertEmpty(result.faults)
        self.assertEqual([kill.moment for kill in result.kills], [*_MOMENTS])
        self.assertTrue(result.kills[0].inside(".old"))
        self.assertTrue(result.kills[1].inside(".unfinished-"))
        self.assertGreater(result.tensors, 50)

    def test_what_a_run_will_write_and_delete_is_foreseen(self):
        workdir = pathlib.Path(self.create_tempdir().full_path)

        def left():
            return [
                kill_campaign.left_to_do(moment, workdir, 96, 0.016)
                for moment in ("write", "prune")
            ]

        self.assertEqual(left(), [6, 4])
        for number, expected in (
            (16, [5, 4]),
            (32, [4, 4]),
            (80, [1, 1]),
            (96, [0, 0]),
        ):
            (workdir / "snapshots" / f"{number:010d}").mkdir(parents=True)
            self.assertEqual(left(), expected, number)


if __name__ == "__main__":
    tf.test.main()
