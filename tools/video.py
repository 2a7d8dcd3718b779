"""Shows a walk through the latents of a trained network as a video.

python -m tools.video --network=runs/faces --seeds=0-7 --seconds=10
    --output=walk.mp4
python -m tools.video --network=runs/faces --walk=random --grid=4x6
    --seed=1 --truncation_psi=0.7 --output=wall.webp
python -m tools.video --network=runs/faces --walk=direction --seeds=0-5
    --directions=directions.npz --direction=smile:3 --output=smile.gif

Every walk ends where it began:
  slerp       from seed to seed on arcs in Z; the default
  lerp        from seed to seed on straight lines in W
  spline      through the seeds on a smooth curve in W; the default of --ws
  mixing      to the next seed layer by layer, the coarse ones first
  random      a smooth drift in Z that --seed draws
  truncation  every seed over the mean to its opposite, and back
  direction   every seed along --direction, first one way, then the other
"""

import math

import tqdm
from absl import flags

from stylegan_tf import quiet, terminal
from stylegan_tf.command_line import outputs, points, tool, values
from stylegan_tf.editing import video

_BETWEEN = ("slerp", "lerp", "spline", "mixing")  # keyframes
_SWEEPS = ("truncation", "direction")  # of every seed at once

_POINTS = points.define()
_WALK = flags.DEFINE_enum(
    "walk", None, [*_BETWEEN, "random", *_SWEEPS], "Which way; see above."
)
_SECONDS = flags.DEFINE_float(
    "seconds", 10.0, "How long the loop is.", lower_bound=0.01
)
_FPS = flags.DEFINE_integer("fps", 30, "Frames a second.", lower_bound=1)
_GRID = flags.DEFINE_string(
    "grid",
    None,
    "ROWSxCOLUMNS: walks side by side, each with its share of the seeds; by "
    "default one, and of sweeps one a seed.",
)
_SMOOTHING_SECONDS = flags.DEFINE_float(
    "smoothing_seconds",
    1.0,
    "--walk=random: how long it goes one way, about.",
    lower_bound=0.01,
)
_SEED = values.define_seed()
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")
_OUTPUT = flags.DEFINE_string(
    "output", None, "The video: *.mp4, *.webp or *.gif."
)


def main():
    """Writes one video."""
    walk = _WALK.value or ("spline" if _POINTS.ws.value else "slerp")
    _POINTS.refuse_odd(truncates=walk == "truncation")
    tool.require(output=_OUTPUT.value)
    output = outputs.file(
        "output", _OUTPUT.value, suffix=video.SUFFIXES, example="walk.mp4"
    )
    video.refuse(output, _FPS.value)
    _refuse_odd(walk)
    count = video.frames_in(_SECONDS.value, _FPS.value)
    quiet.import_tensorflow(in_slices=True)
    from stylegan_tf.editing import walks

    generator = _POINTS.open()
    _refuse_network(walk, generator)
    rows, columns = _grid(walk, len(_POINTS.names(generator)))
    styles = _styles(walk, generator, rows * columns, count)
    made = terminal.counted(count, "frame")
    if _DRY_RUN.value:
        print(f"{made} of {generator.path}, {walk}, to {output}")
        return
    frames = walks.frames(generator, styles, count, columns)
    progress = tqdm.tqdm(frames, total=count, unit="frame")
    video.write(output, progress, fps=_FPS.value)
    print(f"{made} in {output}")


def _refuse_odd(walk):
    """Refuses flags that this walk has no use for, and missing ones."""
    if walk == "random":
        reason = "is not for --walk=random, which --seed draws"
        tool.refuse_given(reason, _POINTS.seeds, _POINTS.ws)
    else:
        reason = f"is for --walk=random. Received: --walk={walk}"
        tool.refuse_given(reason, _SEED, _SMOOTHING_SECONDS)
    if walk == "slerp" and _POINTS.ws.value:
        raise ValueError(
            "--walk=slerp goes through Z, and --ws holds points in W: give "
            "--walk=spline, lerp or mixing"
        )
    if walk == "direction":
        tool.require(direction=_POINTS.direction.value)


def _refuse_network(walk, generator):
    """Refuses networks that cannot go this way."""
    if walk == "truncation" and not generator.can_truncate:
        raise ValueError("--walk=truncation: this network has no mean w")
    if walk == "mixing" and generator.ws_shape[0] == 1:
        raise ValueError(
            "--walk=mixing: this network has one style for all layers"
        )


def _grid(walk, count):
    """Rows and columns of walks, to which `count` seeds or styles are dealt.

    Raises:
        ValueError: If they cannot be.
    """
    is_sweep = walk in _SWEEPS
    rows, columns = 1, 1
    if _GRID.value:
        rows, columns = values.grid(_GRID.value)
    elif is_sweep:
        columns = math.ceil(math.sqrt(count))
        rows = math.ceil(count / columns)
    shown = rows * columns
    if is_sweep and rows != math.ceil(count / columns):
        raise ValueError(
            f"--walk={walk} shows every seed or style at once, {count} here: "
            "--grid must have room for all, and no row more. Received: "
            f"--grid={rows}x{columns}"
        )
    if walk in _BETWEEN and (count % shown or count < 2 * shown):
        raise ValueError(
            f"--walk={walk} of --grid={rows}x{columns} needs the same number "
            f"of seeds or styles for each of {shown}, two at least. Received: "
            f"{count} in all"
        )
    return rows, columns


def _styles(walk, generator, shown, count):
    """The function that `walks.frames` takes: from times to styles, noise."""
    from stylegan_tf.editing import walks

    if walk == "random":
        z = walks.random(
            _SEED.value,
            count,
            shown,
            generator.config.generator.z_size,
            smoothing=_SMOOTHING_SECONDS.value * _FPS.value,
        )
        return lambda t: (
            _POINTS.styles_of(walks.slerp(z, t), generator),
            "const",
        )
    if walk == "slerp":
        z = generator.latents(_POINTS.seeds_given())
        z = walks.keyframes(z, shown)
        return lambda t: (
            _POINTS.styles_of(walks.slerp(z, t), generator),
            "const",
        )
    read = _POINTS.unmoved if walk == "direction" else _POINTS.styles
    ws, noise = read(generator)
    maps = [] if isinstance(noise, str) else noise
    shown = len(ws) if walk in _SWEEPS else shown
    keys, *maps = (walks.keyframes(each, shown) for each in (ws, *maps))
    go = _through_w(walk, generator)
    return lambda t: (
        go(keys, t),
        [walks.lerp(each, t) for each in maps] or noise,
    )


def _through_w(walk, generator):
    """The walk as a function of keyframes `[K, N, L, D]` and times."""
    from stylegan_tf.editing import walks

    if walk == "truncation":
        return lambda keys, t: walks.truncation(
            keys[0], t, w_avg=generator.w_avg, cutoff=_POINTS.cutoff.value
        )
    if walk == "direction":
        moves = _POINTS.moves(generator)
        return lambda keys, t: walks.direction(keys[0], t, moves=moves)
    return {
        "lerp": walks.lerp,
        "spline": walks.spline,
        "mixing": walks.mixing,
    }[walk]


if __name__ == "__main__":
    tool.run(main)
