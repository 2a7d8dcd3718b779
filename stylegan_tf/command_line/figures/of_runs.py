"""The figure of runs, of how they trained; as `of_one`."""

import functools

from stylegan_tf.command_line import tool
from stylegan_tf.command_line.figures import films


def training(start, given):
    from stylegan_tf.editing import histories
    from stylegan_tf.editing.figures import training

    tool.require(runs=given.runs)
    runs = histories.find(given.runs.split(","))
    if not films.is_one(given):
        names = given.curves.split(",") if given.curves else ()
        panels = training.panels(runs, names)
        return functools.partial(training.draw, runs, panels, times=given.times)
    tool.refuse_given(
        "is for a picture, not a film", given["curves"], given["times"]
    )
    if len(runs) > 1:
        raise ValueError(
            f"A film is of one run. --runs are {len(runs)}: {', '.join(runs)}"
        )
    (run,) = runs.values()
    return functools.partial(histories.frames, run, histories.samples(run))
