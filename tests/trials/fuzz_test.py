"""A short form of the fuzz trial."""

import pytest
import tensorflow as tf

from tests.helpers import serving
from tests.trials import fuzz


class FuzzTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_damaged_requests_are_refused_and_good_ones_answered(self):
        server = serving.shared()
        answers, faults = fuzz.campaign(server, count=300, seed=149)
        self.assertEmpty(faults)
        self.assertEqual(sum(answers.values()), 300)
        self.assertContainsSubset(
            ["HTTP 400", "HTTP 404", "gRPC INVALID_ARGUMENT"], answers
        )


if __name__ == "__main__":
    tf.test.main()
