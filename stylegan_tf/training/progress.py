"""Shows on one line how far a run is."""

import sys

import tqdm


def bar(total_images, images_seen, *, visible=True):
    """A bar of images seen and speed; a context that ends its line.

    Args:
        total_images: Where the run ends.
        images_seen: Where it starts.
        visible: Whether this process shows it.
    """
    return tqdm.tqdm(
        total=total_images,
        initial=images_seen,
        disable=not visible,
        unit="img",
        unit_scale=True,
        dynamic_ncols=True,
        smoothing=0.1,
        bar_format=(
            "{percentage:3.0f}%|{bar:12}| {n_fmt}/{total_fmt} img "
            "[{elapsed}<{remaining}, {rate_fmt}{postfix}]"
        ),
    )


def prepare(bar):
    """Says why nothing moves while the steps are traced and compiled."""
    bar.set_postfix_str("preparing the steps, up to a minute")


def begin(bar):
    """Counts time from now on: that of preparing says nothing of the rest."""
    bar.set_postfix_str("", refresh=False)
    bar.unpause()


def describe(bar, scalars, due):
    """Shows losses, seconds per kimg and the next action on the bar."""
    words = []
    if scalars["stage/alpha"] < 1:
        words.append(
            f"{scalars['stage/resolution']}px fades in, "
            f"{scalars['stage/alpha']:.0%}"
        )
    words += [
        f"{scalars['timing/sec_per_kimg']:.1f} s/kimg",
        f"G {scalars['loss/generator']:.2f}",
        f"D {scalars['loss/discriminator']:.2f}",
    ]
    if "penalty/r1" in scalars:
        words.append(f"R1 {scalars['penalty/r1']:.3f}")
    if "augment/p" in scalars:
        words.append(f"p {scalars['augment/p']:.3f}")
    if due:
        words.append(f"next {due}")
    bar.set_postfix_str(", ".join(words))


def say(text):
    """Prints a line above the bar."""
    tqdm.tqdm.write(text, file=sys.stderr)
