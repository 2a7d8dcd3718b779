"""Shows on one line how far a run is."""

import tqdm


class Progress:
    """Images seen, speed, losses and what runs next, on one line.

    Args:
        total_images: Where the run ends.
        images_seen: Where it starts.
        visible: Whether this process shows it.
    """

    def __init__(self, total_images, images_seen, *, visible=True):
        self._bar = tqdm.tqdm(
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

    def advance(self, images):
        """Counts images of one iteration."""
        self._bar.update(images)

    def describe(self, scalars, due):
        """Shows losses, seconds per kimg and the next action."""
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
        if due:
            words.append(f"next {due}")
        self._bar.set_postfix_str(", ".join(words))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._bar.close()  # what is printed next has a line of its own
