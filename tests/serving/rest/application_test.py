"""The application: what goes wrong has a status and a sentence."""

import asyncio
import json
import types

import tensorflow as tf

from stylegan_tf.serving.rest import application


class _Full:
    """A model for whose answers there is no memory."""

    name, timeout_seconds, is_stopping = "full", 5, False

    def servable(self, version=None):
        if version == 7:
            raise MemoryError
        card = {"can_truncate": False, "num_ws": 1, "label_size": 0}
        card |= {
            "software": {"stylegan_tf": "1"},
            "noise_shapes": [],
            "z_size": 1,
        }
        return types.SimpleNamespace(card=card, version=1, signatures={})


def _get(app, path):
    """Status and JSON."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    scope |= {"query_string": b"", "client": ("127.0.0.1", 1)}
    scope |= {"server": ("a", 1), "scheme": "http", "http_version": "1.1"}
    asyncio.run(app(scope, receive, send))
    body = b"".join(each.get("body", b"") for each in sent)
    return sent[0]["status"], json.loads(body)


class ApplicationTest(tf.test.TestCase):
    def test_memory_that_is_not_there_is_too_large(self):
        app = application.build(_Full())
        status, found = _get(app, "/v1/models/full/versions/7/metadata")
        self.assertEqual(status, 413)
        self.assertStartsWith(found["error"], "There is no memory")


if __name__ == "__main__":
    tf.test.main()
