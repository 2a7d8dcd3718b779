"""Says what works on this machine, and the remedy for what does not.

    python -m tools.doctor [--dataset=DIR] [--json]

The exit code is 1 if something essential is broken.
"""

import os

from absl import flags

from stylegan_tf.command_line import tool
from stylegan_tf.doctor import accelerators, findings, machine

_DATASET = flags.DEFINE_string(
    "dataset", None, "Folder, zip or TFRecord directory to check as well."
)
_JSON = flags.DEFINE_bool("json", False, "Print one JSON object instead.")


def main():
    """Prints a row for every check; 1 if something essential is broken."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    rows = machine.examine() + accelerators.examine()
    if _DATASET.value:
        try:
            from stylegan_tf.doctor import datasets  # TensorFlow may be absent

            rows += datasets.examine(_DATASET.value)
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).split("\n")[0]
            rows.append(findings.Finding(findings.FAIL, "dataset", reason))
    print(findings.to_json(rows) if _JSON.value else findings.table(rows))
    return 0 if findings.is_healthy(rows) else 1


if __name__ == "__main__":
    tool.run(main)
