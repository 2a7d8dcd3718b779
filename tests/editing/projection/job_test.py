"""Projections in a folder: stopped and gone on, the same comes out."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import generators
from stylegan_tf.editing import latent_files
from stylegan_tf.editing.projection import job, projector, targets
from stylegan_tf.features import detectors

_SHOWN = {"batch_size": 2, "snapshots": 2, "video": ""}


class JobTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.generator = generators.open("tests/fixtures/quickstart")
        detector = detectors.Detectors("offline").of("lpips")
        cls.projector = projector.Projector(cls.generator, detector, steps=6)
        pictures = cls.generator.samples(range(3))
        cls.targets = targets.Targets(["a", "b", "c"], pictures)
        cls.settings = job.settings_of(cls.projector, cls.targets, detector)

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _run(self, name, watch=lambda done, distances: None, **shown):
        folder, shown = self.folder / name, {**_SHOWN, **shown}
        return job.run(
            self.projector,
            self.targets,
            folder,
            self.settings,
            watch,
            **shown,
        )

    @pytest.mark.slow
    def test_a_stopped_one_goes_on_to_the_same_end(self):
        for last in (4, 15):  # of the first batch, and of the second
            name = f"stopped{last}"

            def stop(done, distances, last=last):
                if done == last:
                    raise KeyboardInterrupt

            with self.assertRaises(KeyboardInterrupt):
                self._run(name, stop)
            self.assertIsNone(job.finished(self.folder / name, self.settings))
            steps = []
            self._run(name, lambda done, _, steps=steps: steps.append(done))
            self.assertEqual(steps[0], last)  # the one that was cut
            self.assertEqual(steps[-1], 18)
        self._run("whole")
        names = sorted(p.name for p in (self.folder / "whole").glob("*.*"))
        self.assertIn("c-step0003.png", names)
        self.assertIn("projected.png", names)
        for name in names:
            whole = (self.folder / "whole" / name).read_bytes()
            for last in (4, 15):
                other = self.folder / f"stopped{last}" / name
                self.assertEqual(other.read_bytes(), whole, other)

    @pytest.mark.slow
    def test_what_was_found_makes_the_pictures(self):
        found = self._run("a")
        read = latent_files.fitting(
            self.folder / "a" / job.LATENTS, self.generator
        )
        self.assertAllEqual(read.ws, found.ws)
        made = self.generator.images(*read).astype(int)
        last = targets.read(
            [self.folder / "a" / f"{name}-step0006.png" for name in "abc"],
            self.generator.image_shape,
            1,
        )
        self.assertLessEqual(np.abs(made - last.images).max(), 1)

    @pytest.mark.slow
    def test_a_folder_of_another_projection_is_refused(self):
        self._run("a")
        other = {**self.settings, "seed": 5, "space": "w+"}
        with self.assertRaisesRegex(ValueError, "differs in space, seed"):
            job.finished(self.folder / "a", other)
        there = [5 + level for level in self.settings["looks"]]
        replaced = {**self.settings, "looks": there}  # at the same path
        with self.assertRaisesRegex(ValueError, r"differs in network\. Give"):
            job.finished(self.folder / "a", replaced)
        results = [{"name": "a", "distance": 0.5}]
        job.finish(self.folder / "a", self.settings, results)
        self.assertFalse((self.folder / "a" / "unfinished").exists())
        self.assertEqual(
            job.finished(self.folder / "a", self.settings), results
        )

    @pytest.mark.slow
    def test_videos_show_the_target_beside_it(self):
        self._run("a", video=".gif")
        with tf.io.gfile.GFile(str(self.folder / "a" / "b.gif"), "rb") as file:
            frames = tf.io.decode_gif(file.read())
        self.assertEqual(frames.shape[1:], (256, 512, 3))
        target = self.targets.images[1].repeat(8, axis=0).repeat(8, axis=1)
        for frame in frames.numpy().astype(int):  # of 256 colours
            self.assertLess(np.abs(frame[:, :256] - target).mean(), 8)
