"""Where figures start: the network, and styles of the flags or their own."""

from stylegan_tf import quiet
from stylegan_tf.command_line import points

# The flags that say where a figure starts.
START = (
    "network",
    "seeds",
    "class",
    "ws",
    "direction",
    "directions",
    "raw",
)
TRUNCATED = (*START, "truncation_psi", "truncation_cutoff")


def network(start, refuse=None, *, truncates=False, takes_all_classes=False):
    """The network; refuses flags before TensorFlow is imported.

    Args:
        start: `points.Points`.
        refuse: What raises `ValueError` for a network without the figure,
            before a class is asked for in vain.
        truncates: As of `Points.refuse_odd`.
        takes_all_classes: Whether --class may be missing.
    """
    start.refuse_odd(truncates=truncates)
    quiet.import_tensorflow()
    generator = start.open(takes_all_classes=True)
    if refuse:
        refuse(generator)
    if not (start.ws.value or takes_all_classes):
        points.class_of(start.chosen_class.value, generator.config)
    return generator


def seeds(start, default):
    """Those of --seeds, if it was given."""
    return start.seeds_given() if start.seeds.present else default


def styles(start, generator, default):
    """Styles, noise and names of --ws, of --seeds or else of `default`."""
    if start.ws.value:
        ws, noise = start.styles(generator)
        return ws, noise, [f"ws {index}" for index in range(len(ws))]
    chosen = seeds(start, default)
    ws, noise = start.styles(generator, chosen)
    return ws, noise, [f"seed {seed}" for seed in chosen]
