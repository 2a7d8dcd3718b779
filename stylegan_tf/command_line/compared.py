"""Networks beside each other, and what tools.evaluate says of them.

What metrics.jsonl of a network lacks is measured first. Only numbers by the
same detector, data set and protocol are shown beside each other.
"""

from typing import NamedTuple

from stylegan_tf import commands, generators, run_directory
from stylegan_tf.command_line import children
from stylegan_tf.evaluation import job, names
from stylegan_tf.features import detectors as detectors_lib

# What of a protocol is the network's own, or the machine's.
_OWN = ("image_shape", "truncation_psi", "noise", "batch_size", "replicas")


class Network(NamedTuple):
    """A network at a psi."""

    source: str  # as it was typed
    psi: float
    generator: generators.Bound

    @property
    def title(self):
        """Such as `runs/faces, ψ = 0.7`."""
        truncated = "" if self.psi == 1 else f", ψ = {self.psi:g}"
        return f"{self.source}{truncated}"


def open(text):
    """`Network`s of `runs/a,runs/b@0.7`; the number is psi, 1 without.

    Raises:
        ValueError: If one has no mean w to truncate towards.
    """
    found = []
    for part in text.split(","):
        source, psi = _split(part.strip())
        generator = generators.open(source)
        if psi != 1 and not generator.can_truncate:
            raise ValueError(
                f"{part.strip()}: this network has no mean w, so it has no psi"
            )
        found.append(Network(source, psi, generator))
    return found


class Measured(NamedTuple):
    """What is shown of networks."""

    numbers: list  # of each network: the first number of each metric by name
    detectors: list  # names of what looked at the images


def measured(networks, metrics, features="auto"):
    """What tools.evaluate says of networks, `Measured`.

    Args:
        networks: `Network`s.
        metrics: Names, with commas between.
        features: As of tools.evaluate.

    Raises:
        ValueError: If one cannot be measured, or they were measured with
            other data sets or protocols.
    """
    found, metrics = detectors_lib.Detectors(features), names.parse_all(metrics)
    seen = {
        m.name: detectors_lib.describe(found.of(m.detector)) for m in metrics
    }
    jobs = {}
    for each in networks:
        missing = [m for m in seen if not _row(each, m, seen[m])]
        if missing:
            jobs[each.title] = _arguments(each, missing, features)
    children.run_all("evaluate", jobs)
    numbers = [{} for _ in networks]
    for metric, detector in seen.items():
        rows = [_row(each, metric, detector) for each in networks]
        for each, row, known in zip(networks, rows, numbers, strict=True):
            if not row:
                command = commands.line("evaluate", *jobs[each.title])
                raise ValueError(
                    f"{each.title} could not be measured. Run\n  {command}\n"
                    "with what it lacks, such as --dataset"
                )
            known |= [*run_directory.numbers(row).items()][:1]
        _refuse_others(metric, networks, rows, features)
    looked = [detector["name"] for detector in seen.values() if detector]
    return Measured(numbers, [*dict.fromkeys(looked)])


def _refuse_others(metric, networks, rows, features):
    """Raises `ValueError` unless all rows have the protocol of the first."""
    first, *others = [_shared(row["protocol"]) for row in rows]
    for network, other in zip(networks[1:], others, strict=True):
        different = [
            name
            for name in {**first, **other}
            if first.get(name) != other.get(name)
        ]
        if different:
            name = different[0]
            command = commands.line(
                "evaluate", *_arguments(network, [metric], features)
            )
            raise ValueError(
                f"{metric} of {networks[0].title} and of {network.title} are "
                f"not to be compared, they differ in {', '.join(different)} "
                f"({first.get(name)} and {other.get(name)}). Measure both "
                f"alike: {command} with --dataset and what else differs"
            )


def _shared(protocol):
    """What networks that are compared must have in common of a protocol."""
    own = _OWN if protocol.get("real") else (*_OWN, "dataset")
    return {k: v for k, v in protocol.items() if k not in own}


def _split(text):
    """The network's path and psi."""
    source, _, psi = text.rpartition("@")
    try:
        return source, float(psi)
    except ValueError:
        return text, 1.0


def _arguments(network, metrics, features):
    """Of tools.evaluate."""
    arguments = [
        f"--network={network.source}",
        f"--metrics={','.join(metrics)}",
        f"--features={features}",
    ]
    if network.psi != 1:
        arguments.append(f"--truncation_psi={network.psi:g}")
    return arguments


def _row(network, metric, detector):
    """The newest row of a metric by a detector; None if there is none."""
    generator = network.generator
    path = run_directory.metrics_file(generator.path)
    called = metric + job.truncation_label(network.psi)
    found = [
        row
        for row in run_directory.read(path)
        if row["images_seen"] == generator.images_seen
        and row.get("metric") == called
        and "protocol" in row
        and row["protocol"].get("detector") == detector
        and run_directory.numbers(row)
    ]
    return found[-1] if found else None
