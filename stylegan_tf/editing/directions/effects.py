"""What directions change: their attribute, and what else."""

import math
import typing

import numpy as np

from stylegan_tf.editing import direction_files
from stylegan_tf.editing.directions import samples


class Effect(typing.NamedTuple):
    """What a step along a direction does to the scores of images."""

    mean: np.ndarray  # change of each score, mean of the images, [A]
    size: np.ndarray  # mean of its absolute value, [A]

    def others(self, target):
        """Mean size of the changes of all scores but number `target`.

        NaN where there are none.
        """
        rest = np.delete(self.size, target)
        return float(rest.mean()) if len(rest) else math.nan

    def ratio(self, target):
        """Change of score `target` over `others`.

        Images that lose another attribute do not make up for those that gain
        it: others count by their size, the target by its mean.
        """
        return float(self.mean[target] / max(self.others(target), 1e-12))


def measure_all(
    generator, score, ws, groups, amount, report=lambda count: None
):
    """`measure` of all directions, by name in each group.

    Changes count in standard deviations of the scores of `ws`.

    Args:
        generator: A `generators.Bound`.
        score: Of a `scores.Scorer`.
        ws: Styles to start from.
        groups: Lists of `direction_files.Direction`s by any key.
        amount: How far to both sides, in their spreads.
        report: Called with 1 after each.
    """
    deviations = samples.scores(generator, score, ws).std(axis=0)
    deviations = np.maximum(deviations, np.finfo(np.float32).tiny)
    found = {}
    for key, directions in groups.items():
        found[key] = {}
        for each in directions:
            effect = measure(generator, score, ws, each, amount)
            found[key][each.name] = Effect(*np.array(effect) / deviations)
            report(1)
    return found


def measure(generator, score, ws, direction, amount):
    """The `Effect` of going from `-amount` to `amount`; as `measure_all`."""
    behind, ahead = (
        samples.scores(
            generator, score, direction_files.move(ws, direction, each)
        )
        for each in (-amount, amount)
    )
    change = ahead - behind
    return Effect(change.mean(axis=0), np.abs(change).mean(axis=0))


def of_attributes(effects, names):
    """The direction of each attribute, and its `Effect`.

    That of its name; else, of directions that nobody named after one, that
    with the largest ratio, turned around where it takes the attribute away.

    Args:
        effects: `Effect`s by the names of directions.
        names: Of the attributes.

    Returns:
        Triples of the attribute, the direction's name and the `Effect`.
    """
    found = []
    unnamed = [each for each in effects if each not in names]
    for target, name in enumerate(names):
        if name in effects:
            found.append((name, name, effects[name]))
        elif unnamed:
            best = max(unnamed, key=lambda n: abs(effects[n].ratio(target)))
            mean, size = effects[best]
            sign = -1.0 if mean[target] < 0 else 1.0
            turned = f"{'-' if sign < 0 else ''}{best}"
            found.append((name, turned, Effect(sign * mean, size)))
    return found


def table(groups, names):
    """Lines of text: what each method's direction of each attribute changes.

    Args:
        groups: `Effect`s by the names of directions, by method.
        names: Of the attributes.
    """
    width = max(7, *map(len, names)) + 2
    columns = "".join(f"{name:>{width}}" for name in names)
    lines = [
        f"{'method':<24}{'direction':<{width + 7}}{columns}  others  ratio"
    ]
    for method, effects in groups.items():
        ratios = []
        for name, direction, effect in of_attributes(effects, names):
            target = names.index(name)
            ratios.append(effect.ratio(target))
            is_named = direction == name
            called = name if is_named else f"{name} ({direction})"
            changes = "".join(f"{each:>{width}.2f}" for each in effect.mean)
            lines.append(
                f"{method:<24}{called:<{width + 7}}{changes}"
                f"{effect.others(target):>8.2f}{ratios[-1]:>7.1f}"
            )
        if ratios:
            mean = f"{np.mean(ratios):.1f}"
            lines.append(f"{method:<24}mean{mean:>{len(lines[0]) - 28}}")
    return lines
