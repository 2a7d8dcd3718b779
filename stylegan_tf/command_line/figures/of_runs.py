"""The figure of runs, of how they trained; as `of_one`."""

import functools

from stylegan_tf.command_line import tool
from stylegan_tf.command_line.figures import films


def training(start, flags):
    from stylegan_tf.editing import histories
    from stylegan_tf.editing.figures import training

    tool.require(runs=flags.runs)
    runs = histories.find(flags.runs.split(","))
    if not films.is_one(flags):
        names = flags.curves.split(",") if flags.curves else ()
        panels = training.panels(runs, names)
        return functools.partial(training.draw, runs, panels, times=flags.times)
    tool.refuse_given(
        "is for a picture, not a film", flags["curves"], flags["times"]
    )
    if len(runs) > 1:
        raise ValueError(
            f"A film is of one run. --runs are {len(runs)}: {', '.join(runs)}"
        )
    (run,) = runs.values()
    return functools.partial(histories.frames, run, histories.samples(run))
