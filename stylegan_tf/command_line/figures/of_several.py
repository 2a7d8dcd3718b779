"""Figures of networks beside each other, or of one; as `of_one`."""

import functools

import tqdm

from stylegan_tf import quiet
from stylegan_tf.command_line import distances, tool
from stylegan_tf.command_line.figures import films, starting
from stylegan_tf.editing import video


def droplets(start, flags):
    from stylegan_tf.editing.figures import droplets

    seeds = starting.seeds(start, range(2))
    networks = []
    for title, generator in _several(start, flags):
        ws, _ = start.styles(generator, seeds)
        networks.append((title, generator, ws))
    names = [f"seed {seed}" for seed in seeds]
    return functools.partial(droplets.draw, networks, names=names)


def phase(start, flags):
    from stylegan_tf.editing.figures import phase

    networks = _several(start, flags)
    if len(start.seeds_given()) < 2:
        raise ValueError("--figure=phase walks between two --seeds or more")
    fps = films.fps(flags)
    count = video.frames_in(flags.seconds, fps)
    walked = [
        (title, _walk(start, network, count)) for title, network in networks
    ]
    if films.is_one(flags):
        frames = phase.side_by_side(walked, at=flags.at)
        return lambda: tqdm.tqdm(frames, total=count, unit="frame")
    walked = [(title, _watched(title, each, count)) for title, each in walked]
    return functools.partial(phase.draw, walked, at=flags.at, fps=fps)


def path_lengths(start, flags):
    from stylegan_tf.editing.figures import path_lengths

    if flags.networks:
        return _two_networks(start, flags)
    tool.refuse_given("is for --networks", flags["metrics"])
    generator = starting.network(start)
    detector = distances.detector(flags.features)
    ws, noise, _ = starting.styles(start, generator, range(path_lengths.COUNT))
    path_lengths.refuse_few(len(ws), flags.ways)
    return functools.partial(
        path_lengths.draw,
        generator,
        ws,
        detector,
        noise=noise,
        ways=flags.ways,
    )


def _several(start, flags):
    """Pairs of a title and a network, of --networks or --network."""
    several = flags.networks
    if several:
        tool.refuse_given("and --networks are one too many", flags["network"])
    start.refuse_odd(has_network=not several)
    quiet.import_tensorflow()
    sources = several.split(",") if several else [flags.network]
    opened = [start.open(source.strip()) for source in sources]
    return [(each.config.name, each) for each in opened]


def _walk(start, generator, count):
    """The frames of a walk through the seeds."""
    from stylegan_tf.editing import walks

    z = generator.latents(start.seeds_given())[:, None]

    def styles(t):
        return start.styles_of(walks.slerp(z, t), generator), "const"

    return walks.frames(generator, styles, count, columns=1)


def _watched(title, frames, count):
    """The frames; a bar shows how many there were, once they begin."""
    yield from tqdm.tqdm(frames, title, total=count, unit="frame")


def _two_networks(start, flags):
    from stylegan_tf.editing.figures import path_lengths
    from stylegan_tf.evaluation import names

    others = [flags[name] for name in (*starting.TRUNCATED, "ways")]
    others = [flag for flag in others if flag.name != "seeds"]
    tool.refuse_given("is not for --networks", *others)
    names.parse_all(flags.metrics)
    seeds = starting.seeds(start, range(path_lengths.SHEET))
    quiet.import_tensorflow()
    from stylegan_tf.command_line import compared

    networks = compared.open(flags.networks)

    def draw():
        found = compared.measured(networks, flags.metrics, flags.features)
        return path_lengths.compare(
            [each.generator.samples(seeds, each.psi) for each in networks],
            [each.title for each in networks],
            found.numbers,
            found.detectors,
        )

    return draw
