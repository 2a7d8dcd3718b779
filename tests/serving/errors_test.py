"""Every refusal is a client's or a wait, in both protocols' terms."""

import grpc
import tensorflow as tf

from stylegan_tf.serving import errors


class ErrorsTest(tf.test.TestCase):
    def test_codes_are_those_of_the_protocols(self):
        kinds = errors.Refused.__subclasses__()
        for kind in kinds:
            self.assertIsNotNone(grpc.StatusCode[kind.code])
            self.assertBetween(kind.status, 400, 504)
        statuses = [kind.status for kind in kinds]
        self.assertLen(set(statuses), len(statuses))
        self.assertEqual({503, 504}, {s for s in statuses if s >= 500})

    def test_a_message_is_what_is_said(self):
        error = errors.Missing("no")
        self.assertEqual((str(error), error.headers), ("no", {}))
        for kind in (errors.Invalid, errors.Busy):
            self.assertEqual(str(kind("x" * 500)), "x" * 500)
            self.assertEqual(str(kind("x" * 10**6)), "x" * 500 + " ...")
        error = errors.Busy("later", 7)
        self.assertEqual(error.headers, {"Retry-After": "7"})


if __name__ == "__main__":
    tf.test.main()
