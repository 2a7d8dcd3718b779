"""Writes frames as a video: MP4, WebP or GIF, by the name of the file.

Frames are taken one by one and never all held, so a film may be long; GIF
alone keeps a byte a pixel until its end.
"""

import collections
import contextlib
import io
import pathlib
import subprocess
import tempfile

import numpy as np

from stylegan_tf import files, images, pictures

SUFFIXES = (".mp4", ".webp", ".gif")
_LONGER_SIDE = 512  # pixels that smaller frames are enlarged towards
_MOST_OF_GIF = 50  # frames a second; browsers slow down what is faster
_MOST_OF_WEBP = 1000  # a millisecond each
_MP4_QUALITY = 17  # x264's: 0 loses nothing, 23 is its default
_WEBP_QUALITY = 90


def write(path, frames, *, fps):
    """Writes a video that starts again at its end; whole or not at all.

    Small frames are enlarged by a whole factor, pixels as boxes, and
    transparent ones laid over white. MP4 needs even sizes: an odd one gets
    its last row or column twice.

    Args:
        path: Ends in one of `SUFFIXES`.
        frames: An iterable over uint8 `[H, W, C]`, all of one size.
        fps: Frames a second.

    Returns:
        How many frames there were.

    Raises:
        ValueError: As `refuse`, and if there is no frame or one of another
            size.
        ImportError: As `refuse`.
    """
    refuse(path, fps)
    suffix = pathlib.Path(path).suffix.lower()
    writer = {".mp4": _mp4, ".webp": _webp, ".gif": _gif}[suffix]
    count = 0
    with files.whole(path) as temporary, contextlib.ExitStack() as stack:
        add = shape = None
        for frame in frames:
            if add is None:
                shape = frame.shape
                size = _prepared(frame).shape
                add = stack.enter_context(writer(temporary, size, fps))
            if frame.shape != shape:
                raise ValueError(
                    "The frames of a video must have one size. Received: "
                    f"{shape}, then {frame.shape}"
                )
            add(_prepared(frame))
            count += 1
        if not count:
            raise ValueError("A video needs a frame at least")
    return count


def frames_in(seconds, fps):
    """How many frames last so long; two at least, or nothing moves."""
    return max(round(seconds * fps), 2)


def refuse(path, fps):
    """Raises unless a video of this name and speed can be written here.

    Raises:
        ValueError: If the name says no format, or the format is too slow.
        ImportError: If MP4 is asked for without imageio-ffmpeg.
    """
    path = pathlib.Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(
            f"A video's name must end in {', '.join(SUFFIXES[:-1])} or "
            f"{SUFFIXES[-1]}. Received: {path}"
        )
    most = {".gif": _MOST_OF_GIF, ".webp": _MOST_OF_WEBP}.get(suffix, fps)
    if not 0 < fps <= most:
        raise ValueError(
            f"{suffix} shows more than 0 and at most {most} frames a second. "
            f"Received: fps={fps}"
        )
    if suffix == ".mp4":
        _ffmpeg()


def _prepared(frame):
    """uint8 `[H, W, 3]`, enlarged."""
    factor = max(_LONGER_SIDE // max(frame.shape[:2]), 1)
    return images.enlarge(pictures.to_rgb(frame)[None], factor)[0]


def _ffmpeg():
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise ImportError(
            "MP4 is written with imageio-ffmpeg: `pip install "
            "'stylegan_tf[video]'`, or `make venv`; .webp and .gif need "
            "nothing more."
        ) from error
    return imageio_ffmpeg.get_ffmpeg_exe()


@contextlib.contextmanager
def _mp4(path, shape, fps):
    """A function that adds one frame to a H.264 video that browsers play."""
    height, width, _ = shape
    odd = [(0, height % 2), (0, width % 2), (0, 0)]
    size = f"{width + width % 2}x{height + height % 2}"
    colours = "bt709"  # said, or players guess by the size
    command = [_ffmpeg(), "-v", "error", "-y", "-f", "rawvideo"]
    command += ["-pix_fmt", "rgb24", "-s", size, "-r", str(fps), "-i", "-"]
    command += ["-vf", f"scale=out_color_matrix={colours}:out_range=tv"]
    command += ["-c:v", "libx264", "-pix_fmt", "yuv420p"]
    command += ["-crf", str(_MP4_QUALITY), "-movflags", "+faststart"]
    for option in ("-colorspace", "-color_primaries", "-color_trc"):
        command += [option, colours]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "-fflags", "+bitexact", str(path.absolute())],
            stdin=subprocess.PIPE,
            stderr=said,
            start_new_session=True,  # Ctrl-C is ours to answer
        )
        try:
            # Of a process that ended, the exit code tells why.
            with contextlib.suppress(BrokenPipeError):
                yield lambda frame: process.stdin.write(
                    np.pad(frame, odd, mode="edge").tobytes()
                )
                process.stdin.close()
            if process.wait():
                said.seek(0)
                reason = said.read().decode(errors="replace").strip()
                raise OSError(f"ffmpeg could not write the video: {reason}")
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _webp(path, shape, fps):
    """A function that adds one frame to a WebP.

    Pillow compresses each; its own writer of animations would hold all.
    Reference: https://developers.google.com/speed/webp/docs/riff_container
    """
    height, width, _ = shape
    size = _three_bytes(width - 1) + _three_bytes(height - 1)
    times = _milliseconds(fps)
    with path.open("wb") as file:
        file.write(b"RIFF\0\0\0\0WEBP")
        file.write(_chunk(b"VP8X", b"\x02\0\0\0" + size))  # is animated
        file.write(_chunk(b"ANIM", b"\xff" * 4 + b"\0\0"))  # white, for ever

        def add(frame):
            buffer = io.BytesIO()
            picture = images.to_pil(frame)
            picture.save(buffer, format="WEBP", quality=_WEBP_QUALITY)
            place = bytes(6) + size + _three_bytes(next(times)) + b"\x02"
            image = buffer.getvalue()[12:]  # behind RIFF, its length, WEBP
            file.write(_chunk(b"ANMF", place + image))

        yield add
        length = file.tell() - 8
        file.seek(4)
        file.write(length.to_bytes(4, "little"))


def _chunk(name, content):
    length = len(content).to_bytes(4, "little")
    return name + length + content + bytes(len(content) % 2)


def _three_bytes(number):
    return number.to_bytes(3, "little")


@contextlib.contextmanager
def _gif(path, shape, fps):
    """A function that adds one frame to a GIF; equal ones become one."""
    times = _milliseconds(fps, unit=10)
    kept = collections.deque()

    def add(frame):
        picture = images.to_pil(frame).quantize()
        picture.info["duration"] = next(times)
        kept.append(picture)

    yield add
    first = kept.popleft()
    # Pillow copies what it is given: let each go as it is taken.
    rest = (kept.popleft() for _ in range(len(kept)))
    first.save(path, format="GIF", save_all=True, append_images=rest, loop=0)


def _milliseconds(fps, unit=1):
    """Yields how long each frame is shown, whole units that add up."""
    frame = shown = 0
    while True:
        frame += 1
        until = round(frame * 1000 / fps / unit) * unit
        yield until - shown
        shown = until
