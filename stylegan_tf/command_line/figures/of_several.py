"""Figures of networks beside each other, or of one; as `of_one`."""

import functools

import tqdm

from stylegan_tf import quiet
from stylegan_tf.command_line import tool
from stylegan_tf.command_line.figures import films, starting


def droplets(start, given):
    from stylegan_tf.editing.figures import droplets

    seeds = starting.seeds(start, range(2))
    networks = []
    for title, generator in _several(start, given):
        ws, _ = start.styles(generator, seeds)
        networks.append((title, generator, ws))
    names = [f"seed {seed}" for seed in seeds]
    return functools.partial(droplets.draw, networks, names=names)


def phase(start, given):
    from stylegan_tf.editing.figures import phase

    networks = _several(start, given)
    if len(start.seeds_given()) < 2:
        raise ValueError("--figure=phase walks between two --seeds or more")
    fps = films.fps(given)
    count = max(round(given.seconds * fps), 1)
    walked = [
        (title, _walk(start, network, count)) for title, network in networks
    ]
    if films.is_one(given):
        frames = phase.side_by_side(walked, at=given.at)
        return lambda: tqdm.tqdm(frames, total=count, unit="frame")
    walked = [(title, _watched(title, each, count)) for title, each in walked]
    return functools.partial(phase.draw, walked, at=given.at, fps=fps)


def path_lengths(start, given):
    from stylegan_tf.editing.figures import path_lengths

    if given.networks:
        return _two_networks(start, given)
    tool.refuse_given("is for --networks", given["metrics"])
    generator = starting.network(start)
    from stylegan_tf.features import detectors

    detector = detectors.Detectors(given.features).of("lpips")
    ws, noise, _ = starting.styles(start, generator, range(path_lengths.COUNT))
    path_lengths.refuse_few(len(ws), given.ways)
    return functools.partial(
        path_lengths.draw,
        generator,
        ws,
        detector,
        noise=noise,
        ways=given.ways,
    )


def _several(start, given):
    """Pairs of a title and a network, of --networks or --network."""
    several = given.networks
    if several:
        tool.refuse_given("and --networks are one too many", given["network"])
    start.refuse_odd(has_network=not several)
    quiet.import_tensorflow()
    sources = several.split(",") if several else [given.network]
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


def _two_networks(start, given):
    from stylegan_tf.editing.figures import path_lengths
    from stylegan_tf.evaluation import names

    others = [given[name] for name in (*starting.TRUNCATED, "ways")]
    others = [flag for flag in others if flag.name != "seeds"]
    tool.refuse_given("is not for --networks", *others)
    names.parse_all(given.metrics)
    seeds = starting.seeds(start, range(path_lengths.SHEET))
    quiet.import_tensorflow()
    from stylegan_tf.command_line import compared

    networks = compared.open(given.networks)

    def draw():
        numbers = compared.measured(networks, given.metrics, given.features)
        return path_lengths.compare(
            [each.generator.samples(seeds, each.psi) for each in networks],
            [each.title for each in networks],
            numbers,
        )

    return draw
