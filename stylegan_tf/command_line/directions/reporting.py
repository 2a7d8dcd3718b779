"""Writes, shows and measures directions; see `asked`."""

import tqdm

from stylegan_tf import terminal
from stylegan_tf.command_line import tool
from stylegan_tf.command_line.directions import asked, finding

_SHOWN = 4  # directions of a picture, unless others are named


def plan(flags, scorer):
    """What is to be done, in words."""
    if asked.compares(flags):
        return f"a table of all methods, by {scorer.about},"
    made = f"{flags.method or 'supervised'} directions"
    if flags.source:
        made = f"directions of {', '.join(flags.source)}"
    elif scorer:
        made += f" for {', '.join(scorer.names)} by {scorer.about}"
    to = [path for path in (flags.output, flags.picture) if path]
    return f"{made} to {', '.join(to)}," if to else f"{made}, measured,"


def write(start, flags, generator, scorer, found):
    """Writes the file and the picture that were asked for."""
    from stylegan_tf.editing import direction_files
    from stylegan_tf.editing.figures import plate, strips

    if flags.output:
        about = {"network": str(generator.path), "command": tool.command()}
        if scorer:
            about["scores"] = scorer.about
        direction_files.write(flags.output, found, **about)
        print(f"{terminal.counted(len(found), 'direction')} in {flags.output}:")
        for each in found:
            layers = f"layers {each.first}-{each.last - 1}"
            print(f"  {each.name:<16} {layers}, spread {each.spread:.3f}")
    if flags.picture:
        shown = _shown(found, flags.names)
        ws, noise = start.styles(generator)
        amounts = asked.amounts(flags)
        figure = strips.draw(generator, ws, shown, amounts, noise=noise)
        plate.save(figure, flags.picture)
        count = terminal.counted(len(shown), "direction")
        print(f"strips of {count} in {flags.picture}")


def _shown(found, names):
    """Directions by their names; without names the first, and a note."""
    if names:
        known = {each.name: each for each in found}
        return [known[name] for name in names]
    if len(found) > _SHOWN:
        others = ",".join(each.name for each in found[_SHOWN:][:_SHOWN])
        tool.note(
            f"the picture shows the first {_SHOWN} of {len(found)} "
            f"directions; --names={others} shows others"
        )
    return found[:_SHOWN]


def print_table(flags, generator, scorer, groups):
    """Prints what directions change, a part a method."""
    from stylegan_tf.editing.directions import effects

    ws = finding.styles(flags, generator, flags.measured, purpose=1)
    total = sum(map(len, groups.values()))
    with tqdm.tqdm(total=total, unit="direction", leave=False) as bar:
        measured = effects.measure_all(
            generator,
            scorer.score,
            ws,
            groups,
            flags.amount,
            report=bar.update,
        )
    amount, count = f"{flags.amount:g}", terminal.counted(len(ws), "image")
    print(
        f"What changes from -{amount} to {amount} spreads, in "
        f"standard deviations of each score,\nmeans of {count}, by "
        f"{scorer.about}. others: mean size of\nthe other changes of an image; "
        "ratio: the attribute's change over it.\n"
    )
    print("\n".join(effects.table(measured, list(scorer.names))))
