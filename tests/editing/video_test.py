"""Videos open again with the frames, size and length that they were given."""

import pathlib
import sys
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf.editing import video


def _frames(count, height=24, width=32, channels=3):
    """Frames that brighten one after another."""
    for index in range(count):
        shape = (height, width, channels)
        yield np.full(shape, 255 * index // max(count - 1, 1), np.uint8)


def _read(path):
    """Frames [F, H, W, 3] of a file, and for how many ms each is shown."""
    if path.suffix != ".mp4":
        with Image.open(path) as image:
            frames, times = [], []
            for index in range(image.n_frames):
                image.seek(index)
                frames.append(np.asarray(image.convert("RGB")))
                times.append(image.info["duration"])
            return np.stack(frames), times
    import imageio_ffmpeg

    reader = imageio_ffmpeg.read_frames(str(path))
    about = next(reader)
    width, height = about["size"]
    frames = [np.frombuffer(frame, np.uint8) for frame in reader]
    frames = np.stack(frames).reshape(-1, height, width, 3)
    return frames, [1000 / about["fps"]] * len(frames)


class WriteTest(tf.test.TestCase, parameterized.TestCase):
    def _path(self, name):
        return pathlib.Path(self.create_tempdir().full_path) / name

    @parameterized.product(
        suffix=video.SUFFIXES, channels=(1, 2, 3, 4), fps=(30,)
    )
    @pytest.mark.slow
    def test_every_format_opens_again(self, suffix, channels, fps):
        path = self._path(f"walk{suffix}")
        frames = np.stack([*_frames(12, channels=channels)])
        shades = np.linspace(0, 255, 12)
        if channels in (2, 4):  # a fifth of it, over white
            frames[..., -1] = 51
            shades = shades / 5 + 204
        self.assertEqual(video.write(path, frames, fps=fps), 12)
        read, times = _read(path)
        self.assertEqual(read.shape, (12, 24 * 16, 32 * 16, 3))
        self.assertAllClose(sum(times), 12 * 1000 / fps, atol=1)
        self.assertAllClose(read.mean(axis=(1, 2, 3)), shades, atol=4)

    @parameterized.parameters(*video.SUFFIXES)
    def test_odd_sizes_are_written(self, suffix):
        path = self._path(f"walk{suffix}")
        video.write(path, _frames(3, height=301, width=299), fps=10)
        even = suffix == ".mp4"
        read, _ = _read(path)
        self.assertEqual(read.shape, (3, 301 + even, 299 + even, 3))

    @parameterized.parameters(*video.SUFFIXES)
    def test_one_frame_is_a_video(self, suffix):
        path = self._path(f"walk{suffix}")
        self.assertEqual(video.write(path, _frames(1), fps=10), 1)
        self.assertLen(_read(path)[0], 1)

    @parameterized.parameters(*video.SUFFIXES)
    @pytest.mark.slow
    def test_the_same_frames_are_the_same_bytes(self, suffix):
        random = np.random.RandomState(0)
        frames = random.randint(256, size=(5, 32, 32, 3)).astype(np.uint8)
        paths = self._path(f"a{suffix}"), self._path(f"b{suffix}")
        for path in paths:
            video.write(path, frames, fps=24)
        self.assertEqual(*(path.read_bytes() for path in paths))

    def test_colours_are_kept(self):
        path = self._path("walk.mp4")
        colour = np.uint8([200, 40, 90])
        video.write(path, [np.full((32, 32, 3), colour)] * 2, fps=10)
        self.assertAllClose(_read(path)[0].mean(axis=(0, 1, 2)), colour, atol=3)

    @parameterized.parameters(*video.SUFFIXES)
    def test_nothing_is_left_of_a_film_that_broke_off(self, suffix):
        path = self._path(f"walk{suffix}")

        def frames():
            yield from _frames(2)
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            video.write(path, frames(), fps=10)
        self.assertEmpty(list(path.parent.iterdir()))

    def test_a_video_has_two_frames_at_least(self):
        self.assertEqual(video.frames_in(2.5, 30), 75)
        self.assertEqual(video.frames_in(0.01, 10), 2)

    def test_what_ffmpeg_can_not_write_is_said(self):
        path = self._path("walk.mp4")
        with mock.patch.object(video, "_MP4_QUALITY", "bad"):
            with self.assertRaisesRegex(OSError, "ffmpeg could not .*bad"):
                video.write(path, _frames(500), fps=10)
        self.assertEmpty(list(path.parent.iterdir()))

    @parameterized.parameters(
        ("walk.avi", 30, "must end in .mp4, .webp or .gif"),
        ("walk.gif", 60, "at most 50 frames a second"),
        ("walk.mp4", 0, "more than 0"),
    )
    def test_what_can_not_be_written_is_refused(self, name, fps, message):
        with self.assertRaisesRegex(ValueError, message):
            video.write(self._path(name), _frames(2), fps=fps)

    def test_no_frame_and_frames_of_two_sizes_are_refused(self):
        with self.assertRaisesRegex(ValueError, "a frame at least"):
            video.write(self._path("a.gif"), [], fps=10)
        frames = [*_frames(1, width=8), *_frames(1, width=16)]
        with self.assertRaisesRegex(ValueError, "must have one size"):
            video.write(self._path("a.gif"), frames, fps=10)

    def test_without_imageio_ffmpeg_the_extra_is_named(self):
        with mock.patch.dict(sys.modules, imageio_ffmpeg=None):
            with self.assertRaisesRegex(ImportError, r"stylegan_tf\[video\]"):
                video.refuse("walk.mp4", 30)
            video.refuse("walk.webp", 30)


if __name__ == "__main__":
    tf.test.main()
