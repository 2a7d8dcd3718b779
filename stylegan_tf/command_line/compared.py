"""Networks beside each other, and what tools.evaluate says of them.

What metrics.jsonl of a network lacks is measured first.
"""

from typing import NamedTuple

from stylegan_tf import commands, generators, run_directory
from stylegan_tf.command_line import children
from stylegan_tf.evaluation import job, names


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


def measured(networks, metrics, features="auto"):
    """The first number of each metric, by its name, of each network.

    Args:
        networks: `Network`s.
        metrics: Names, with commas between.
        features: As of tools.evaluate.

    Raises:
        ValueError: If one cannot be measured.
    """
    metrics = [each.name for each in names.parse_all(metrics)]
    jobs = {}
    for each in networks:
        missing = [m for m in metrics if not _number(each, m)]
        if missing:
            jobs[each.title] = _arguments(each, missing, features)
    children.run_all("evaluate", jobs)
    found = []
    for each in networks:
        numbers = {}
        for metric in metrics:
            number = _number(each, metric)
            if not number:
                command = commands.line("evaluate", *jobs[each.title])
                raise ValueError(
                    f"{each.title} could not be measured. Run\n  {command}\n"
                    "with what it lacks, such as --dataset"
                )
            numbers |= number
        found.append(numbers)
    return found


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


def _number(network, metric):
    """Name and value of a metric's first number, the newest; {} if none."""
    generator = network.generator
    path = run_directory.metrics_file(generator.path)
    called = metric + job.truncation_label(network.psi)
    found = [
        run_directory.numbers(row)
        for row in run_directory.read(path)
        if row["images_seen"] == generator.images_seen
        and row.get("metric") == called
    ]
    return dict([*found[-1].items()][:1]) if found else {}
