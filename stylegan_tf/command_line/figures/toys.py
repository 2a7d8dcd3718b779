"""Figures of small networks that are trained for them; as `of_one`."""

import pathlib

import tqdm

from stylegan_tf import quiet
from stylegan_tf.command_line import tool
from stylegan_tf.command_line.figures import starting
from stylegan_tf.data import decode


def warping(start, flags):
    quiet.import_tensorflow()
    from stylegan_tf.editing.figures import warping
    from stylegan_tf.editing.toys import warping as trained

    def draw():
        steps = flags.steps or trained.STEPS
        with tqdm.tqdm(total=2 * steps, unit="step") as progress:
            found = trained.train_both(
                steps=steps, seed=flags.seed, report=progress.update
            )
        return warping.draw(found, seed=flags.seed)

    return draw


def normalisation(start, flags):
    data = _content_and_style(start, flags)
    quiet.import_tensorflow()
    from stylegan_tf.editing.figures import normalisation
    from stylegan_tf.editing.toys import contrast, style_transfer

    maps = style_transfer.load()
    pair = [style_transfer.fitted(each, maps.side) for each in data]
    small = [style_transfer.fitted(each, contrast.SIDE) for each in data]
    steps = flags.steps or contrast.STEPS

    def draw():
        total = style_transfer.STEPS + flags.compare * 4 * steps
        with tqdm.tqdm(total=total, unit="step") as progress:
            report = progress.update
            found = style_transfer.transfer(maps, *pair, report=report)
            compared = None
            if flags.compare:
                compared = contrast.compare(
                    *small, steps=steps, seed=flags.seed, report=report
                )
        return normalisation.draw(maps, *pair, found, compared)

    return draw


def _content_and_style(start, flags):
    """uint8 `[H, W, C]` of two files, or of two seeds."""
    if not (flags.content or flags.style or flags.network):
        raise ValueError(
            "--figure=normalisation is of two images: give --content and "
            "--style, or a --network that makes them"
        )
    if flags.content or flags.style:
        tool.require(content=flags.content, style=flags.style)
        for name in starting.TRUNCATED:
            tool.refuse_given("is not for --content and --style", flags[name])
        return [_image(flags["content"]), _image(flags["style"])]
    generator = starting.network(start)
    ws, noise, _ = starting.styles(start, generator, range(2))
    if len(ws) != 2:
        raise ValueError(
            "--figure=normalisation is of two images, such as --seeds=0,1. "
            f"Received: {len(ws)}"
        )
    return generator.images(ws, noise)


def _image(flag):
    """uint8 `[H, W, C]` of the file that a flag names."""
    try:
        return decode.pixels(pathlib.Path(flag.value).read_bytes())
    except (OSError, decode.BadImage) as error:
        reason = decode.reason_of(error)
        raise ValueError(f"--{flag.name}={flag.value}: {reason}") from error
