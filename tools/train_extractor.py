"""Trains the small extractor that the metrics use where no other one is.

python -m tools.train_extractor --output=FILE.npz [--steps=1000 --seed=0]
"""

import json

from absl import flags

from stylegan_tf import columns, quiet
from stylegan_tf.command_line import outputs, tool, values

_OUTPUT = flags.DEFINE_string("output", None, "The .npz to write.")
_DATASET = flags.DEFINE_string(
    "dataset", "bundled", "Images with the attributes of the bundled ones."
)
_STEPS = flags.DEFINE_integer(
    "steps", 1000, "Batches of 64 images.", lower_bound=1
)
_SEED = values.define_seed()
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be done.")


def main():
    """Trains, prints the accuracies, writes the file."""
    tool.require(output=_OUTPUT.value)
    path = outputs.file(
        "output", _OUTPUT.value, suffix=".npz", example="extractor.npz"
    )
    if _DRY_RUN.value:
        print(f"would train {_STEPS.value} steps and write {path}")
        return
    tf = quiet.import_tensorflow()
    tf.config.experimental.enable_op_determinism()
    from stylegan_tf.data import sources
    from stylegan_tf.features import finding, offline, offline_training

    source = sources.open_source(_DATASET.value)
    tool.note(sources.unread_note(source))
    images, classes = offline_training.read(source)
    network, accuracies = offline_training.train(
        images, classes, steps=_STEPS.value, seed=_SEED.value, report=_report
    )
    meta = {
        "accuracies": {name: round(v, 4) for name, v in accuracies.items()},
        "feature_rms": offline_training.feature_rms(network, images),
        "steps": _STEPS.value,
        "seed": _SEED.value,
    }
    offline.write(path, network, meta=json.dumps(meta))
    rows = [
        (name, f"{accuracy:.1%} of held-out images")
        for name, accuracy in accuracies.items()
    ]
    print(columns.aligned(rows, indent="  "))
    print(f"{path}  SHA-256 {finding.sha256(path)}")


def _report(step, loss):
    if (step + 1) % 100 == 0:
        print(f"  step {step + 1}  loss {loss:.3f}", flush=True)


if __name__ == "__main__":
    tool.run(main)
