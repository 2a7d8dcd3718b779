"""How well distances tell generated images from real ones.

Generated is what lies below a threshold. A real image below it is a false
alarm, a generated one that is not below it a miss.
"""

import numpy as np
import scipy.special

_RESAMPLES = 2000  # of the bootstrap
CONFIDENCE = 0.95


def area(generated, real):
    """Area under the ROC curve, a float: the chance that a generated image is
    closer than a real one; a tie counts half (Mann and Whitney's statistic).

    Args:
        generated: Distances `[M]`.
        real: Distances `[N]`.
    """
    generated, real = _checked(generated, real)
    real = np.sort(real)
    below = np.searchsorted(real, generated, "left")
    up_to = np.searchsorted(real, generated, "right")
    return float(1 - np.mean(below + up_to) / (2 * len(real)))


def area_interval(generated, real, *, seed=0):
    """The 95 % interval of `area` by the bootstrap, a pair of floats.

    Both sets are drawn again with replacement, 2,000 times, each in its size;
    the interval leaves 2.5 % of the areas on either side. Where no two of the
    distances overlap it has no width, however few there are.
    """
    generated, real = _checked(generated, real)
    random = np.random.RandomState(seed)

    def again(values):
        return values[random.randint(len(values), size=len(values))]

    areas = [area(again(generated), again(real)) for _ in range(_RESAMPLES)]
    outside = (1 - CONFIDENCE) / 2
    low, high = np.quantile(areas, [outside, 1 - outside])
    return float(low), float(high)


def curve(generated, real):
    """Every threshold that matters, its false alarms, and what it finds.

    Returns:
        Thresholds `[T]`, rising: the lowest has nothing below it, the highest
        all, the others are halfway between neighbours. Then the fractions of
        real and of generated images below each, `[T]` from 0 to 1.
    """
    generated, real = _checked(generated, real)
    values = np.unique(np.concatenate([generated, real]))
    between = (values[:-1] + values[1:]) / 2
    above = np.nextafter(values[-1], np.inf)
    thresholds = np.concatenate([values[:1], between, [above]])
    return thresholds, *(
        np.searchsorted(np.sort(each), thresholds, "left") / len(each)
        for each in (real, generated)
    )


def threshold(generated, real, most_false_alarms=None):
    """The threshold that a rule chooses, a float.

    Args:
        generated: Distances `[M]`.
        real: Distances `[N]`.
        most_false_alarms: The rule: the fewest misses with at most this
            fraction of false alarms; None: equally many of both, in
            fractions, or as near to it as there is.
    """
    thresholds, false_alarms, found = curve(generated, real)
    misses = 1 - found
    if most_false_alarms is None:
        first, then = np.abs(false_alarms - misses), false_alarms + misses
    else:
        is_allowed = false_alarms <= most_false_alarms
        first, then = np.where(is_allowed, misses, np.inf), false_alarms
    best = np.lexsort((np.round(then, 9), np.round(first, 9)))[0]
    return float(thresholds[best])


def errors(generated, real, most_false_alarms=None):
    """Numbers of false alarms and misses, each image left out in turn.

    The threshold that judges an image was chosen without it: one that is
    judged by what it helped to choose looks better than it is.

    Args:
        generated: Distances `[M]`, at least 2.
        real: Distances `[N]`, at least 2.
        most_false_alarms: As of `threshold`.
    """
    generated, real = _checked(generated, real)

    def without(values, index, *others):
        rest = np.delete(values, index)
        pair = (rest, *others) if values is generated else (*others, rest)
        return threshold(*pair, most_false_alarms)

    false_alarms = [
        value < without(real, index, generated)
        for index, value in enumerate(real)
    ]
    misses = [
        value >= without(generated, index, real)
        for index, value in enumerate(generated)
    ]
    return int(np.sum(false_alarms)), int(np.sum(misses))


def rate_interval(count, total):
    """The 95 % interval of a rate by Clopper and Pearson, a pair of floats.

    Args:
        count: How many there were.
        total: Of how many.
    """
    outside, rest = (1 - CONFIDENCE) / 2, total - count
    low, high = 0.0, 1.0
    if count:
        low = float(scipy.special.betaincinv(count, rest + 1, outside))
    if rest:
        high = float(scipy.special.betaincinv(count + 1, rest, 1 - outside))
    return low, high


def _checked(*sets):
    """The sets as float64 `[N]`; raises `ValueError` unless they are such."""
    sets = [np.asarray(each, np.float64) for each in sets]
    for each in sets:
        if each.ndim != 1 or not len(each) or not np.isfinite(each).all():
            raise ValueError(
                "Distances must be finite numbers, at least one of a kind. "
                f"Received: {each}"
            )
    return sets
