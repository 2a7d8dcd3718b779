"""Malicious and broken pickles: refused by name, and nothing runs."""

import os
import pickle
import pickletools
import sys

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import network_files
from stylegan_tf.pickles import refusal, unpickler
from tests.helpers.interop import malformed, malicious

_EVENTS = []
_WATCHING = []
_HARMLESS = (
    "object.__getattr__",
    "gc.",
    "builtins.id",
    "sys._getframe",
    "array.__new__",
)


def _watch(event, arguments):
    if _WATCHING and not event.startswith(_HARMLESS):
        _EVENTS.append((event, str(arguments)[:100]))


sys.addaudithook(_watch)  # sees imports, exec, compile, open, os.system...


def _watched(function, *arguments):
    """The error of a call, and what Python was made to do meanwhile."""
    _EVENTS.clear()
    _WATCHING.append(True)
    try:
        function(*arguments)
    except ValueError as error:
        return error, list(_EVENTS)
    finally:
        _WATCHING.clear()
    return None, list(_EVENTS)


_LOADED = unpickler.Unpickler.dispatch
_CASES = {
    **malicious.CALLS,
    **malformed.STATES,
    **malformed.ARRAYS,
    **malformed.damaged(),
}


class RefusedPicklesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(*[(k, *v) for k, v in _CASES.items()])
    def test_refused_by_name(self, content, message):
        error, events = _watched(unpickler.load, content)
        self.assertIsInstance(error, refusal.RefusedPickle)
        self.assertIn(message, str(error))
        self.assertLess(len(str(error)), 500)
        self.assertEmpty(events)
        self.assertFalse(os.path.exists(malicious.SENTINEL))

    def test_every_other_opcode_is_refused_by_name(self):
        for opcode in pickletools.opcodes:
            code = opcode.code.encode("latin-1")
            if opcode.name != "STOP" and ord(code) not in _LOADED:
                message = f"the opcode {opcode.name} "
                with self.assertRaisesRegex(refusal.RefusedPickle, message):
                    unpickler.load(code + b"1\n" * 9)

    def test_the_watch_sees_what_a_real_unpickler_runs(self):
        content, _ = malicious.CALLS["os.system"]
        with self.assertRaises(AssertionError):
            _, events = _watched(pickle.loads, content)
            self.assertEmpty(events)
        self.assertTrue(os.path.exists(malicious.SENTINEL))
        os.remove(malicious.SENTINEL)

    @parameterized.parameters("GPU.pkl", "x.pt")
    def test_a_missing_file_is_an_error_of_its_own(self, name):
        with self.assertRaises(FileNotFoundError):
            network_files.read_official(f"/nonexistent/{name}")


if __name__ == "__main__":
    tf.test.main()
