"""Says what works on this machine, and how to train on your images.

    python -m tools.doctor [--json]
    python -m tools.doctor --dataset=DIR [--hours=8] [--json]

With --dataset it looks at every image, says what is wrong with them, and
proposes the commands to type, with a reason for each value. The exit code is 1
if something essential is broken, or if the images must be prepared before they
can be trained on.
"""

import os

from absl import flags

from stylegan_tf import quiet
from stylegan_tf.command_line import tool
from stylegan_tf.doctor import accelerators, findings, machine

_DATASET = flags.DEFINE_string(
    "dataset", None, "Folder, zip or TFRecord directory to look at."
)
_HOURS = flags.DEFINE_float(
    "hours", None, "How long training may take.", lower_bound=0.01
)
_MAX_IMAGES = flags.DEFINE_integer(
    "max_images",
    0,
    "Look at so many, spread evenly; 0 = as many as two minutes allow.",
    lower_bound=0,
)
_JSON = flags.DEFINE_bool("json", False, "Print one JSON object instead.")


def main():
    """Prints a row for every check; 1 if something essential is broken."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if _DATASET.value:
        return _advise()
    tool.refuse_given("is for --dataset", _HOURS, _MAX_IMAGES)
    rows = machine.examine() + accelerators.examine()
    print(findings.to_json(rows) if _JSON.value else findings.table(rows))
    return 0 if findings.is_healthy(rows) else 1


def _advise():
    """The same of a data set and of what keeps this machine from training."""
    rows, told = [], {}
    try:
        quiet.import_tensorflow(in_slices=True)  # which may be absent
        from stylegan_tf.command_line import advice

        seen = advice.look(_DATASET.value, _MAX_IMAGES.value)
        rows = seen.rows
        _show(findings.lines(rows))
        made = advice.propose(seen, _HOURS.value)
        told = advice.to_dict(seen, made)
        _show(advice.text(made, machine.available_bytes()))
    except (ImportError, OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        rows.append(findings.Finding(findings.FAIL, "dataset", reason))
        _show(findings.lines(rows[-1:]))
    others = machine.examine() + accelerators.examine()
    if wrong := [row for row in others if row.mark != findings.OK]:
        _show(f"This machine:\n{findings.lines(wrong)}")
    _show(findings.summary(rows + others))
    if _JSON.value:
        print(findings.to_json(rows + others, **told))
    return 0 if findings.is_healthy(rows + others) else 1


def _show(text):
    """Prints a paragraph, unless JSON is asked for."""
    if not _JSON.value:
        print(f"{text}\n", flush=True)


if __name__ == "__main__":
    tool.run(main)
