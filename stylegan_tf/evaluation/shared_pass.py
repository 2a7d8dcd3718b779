"""The metrics that compare features of images: one pass for all of them."""

import contextlib

from stylegan_tf.evaluation import reals as reals_lib
from stylegan_tf.evaluation.job import Purpose
from stylegan_tf.metrics import (
    density_coverage,
    fid,
    inception_score,
    kid,
    precision_recall,
)

METRICS = (
    "fid",
    "kid",
    "inception_score",
    "precision_recall",
    "density_coverage",
)


def run(job, protocols):
    """Outcomes by protocol: numbers, detector, generated and real counts.

    Where one fails, its outcome is the exception. All of `protocols` look at
    the same images: they mix styles of as many latents.
    """
    sinks, outcomes = {}, {}
    for protocol in protocols:
        with _failing(outcomes, protocol):
            job.require_reals(protocol)
            sinks[protocol] = _Sink(job, protocol)
    real = {}
    with _failing(outcomes, *(each for each in sinks if each.uses_real)):
        wanted = [each.wanted for each in sinks.values() if each.wanted]
        real = job.reals.collect(wanted) if wanted else {}
    with _failing(outcomes, *sinks):
        _look(job, sinks, outcomes)
    for protocol in [each for each in sinks if each not in outcomes]:
        with _failing(outcomes, protocol):
            outcomes[protocol] = sinks[protocol].outcome(job, real)
    return outcomes


@contextlib.contextmanager
def _failing(outcomes, *protocols):
    """What is raised inside becomes the outcome of `protocols`.

    Those that have failed already keep their first error.
    """
    before = dict(outcomes)
    try:
        yield
    except Exception as error:  # a metric's failure is its own
        outcomes.update(dict.fromkeys(protocols, error))
    outcomes.update(before)


class _Sink:
    """What one metric takes from the pass.

    Attributes:
        wanted: A `reals.Wanted`, or None without real images.
    """

    def __init__(self, job, protocol):
        self.protocol = protocol
        self.detector = job.detectors.of(protocol.detector)
        # Official code keeps the features of rounded distances so, too.
        self._dtype = "float16" if protocol.rounding else "float32"
        if protocol.metric == "fid":
            self._dtype = None
        self.wanted = None
        if protocol.uses_real:
            self.wanted = reals_lib.Wanted(
                self.detector,
                job.real_count(protocol),
                job.is_mirrored_for(protocol),
                self._dtype,
            )
        self._collector = reals_lib.Collector(self._dtype)
        self._left = protocol.generated

    @property
    def is_full(self):
        return self._left <= 0

    def add(self, features):
        """Takes in features `[N, F]` of generated images."""
        features = features[: self._left]
        self._left -= len(features)
        if self.protocol.metric == "inception_score":
            features = self.detector.probabilities_of(features)
        self._collector.add(features)

    def outcome(self, job, real):
        """Numbers, detector, generated and real counts.

        Args:
            job: The `job.Job`.
            real: Of real images, by `wanted`.
        """
        count = self.wanted.count if self.wanted else None
        numbers = self._numbers(job, real.get(self.wanted))
        return numbers, self.detector, self.protocol.generated, count

    def _numbers(self, job, real):
        """The numbers of the metric, in the order of its results."""
        protocol, made = self.protocol, self._collector.result()
        if protocol.metric == "fid":
            return [fid.from_statistics(real, made, ddof=protocol.ddof)]
        if protocol.metric == "inception_score":
            return inception_score.from_probabilities(
                made, splits=protocol.splits
            )
        if protocol.metric == "kid":
            return [
                kid.from_features(
                    real,
                    made,
                    subsets=protocol.subsets,
                    max_subset_size=protocol.max_subset_size,
                    random=job.random(Purpose.SUBSETS),
                )
            ]
        compare = (
            precision_recall
            if protocol.metric == "precision_recall"
            else density_coverage
        )
        return compare.from_features(
            real,
            made,
            protocol.neighbourhood,
            rounding=protocol.rounding,
        )


def _look(job, sinks, outcomes):
    """Shows every generated image to every detector, once each."""
    going = {p: sink for p, sink in sinks.items() if p not in outcomes}
    count = max((each.generated for each in going), default=0)
    latents = next((each.latents for each in going), None)
    for images in job.images(count, latents) if count else ():
        features = {}
        for protocol, sink in list(going.items()):
            if protocol in outcomes or sink.is_full:
                del going[protocol]
                continue
            with _failing(outcomes, protocol):
                key = id(sink.detector)
                if key not in features:
                    features[key] = sink.detector.features(images)
                sink.add(features[key])
