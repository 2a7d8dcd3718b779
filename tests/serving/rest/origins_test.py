"""Pages of other sites get what --cors_origins says."""

import asyncio

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving.rest import origins

_OWN, _NAMED = "http://here:8501", "https://named.example"


async def _generous(scope, receive, send):
    """As Gradio: every origin may, with its cookies."""
    headers = [
        (b"access-control-allow-origin", b"https://other.example"),
        (b"Access-Control-Allow-Credentials", b"true"),
        (b"etag", b"1"),
    ]
    await send(
        {"type": "http.response.start", "status": 200, "headers": headers}
    )
    await send({"type": "http.response.body", "body": b""})


def _start(method, path, origin=None):
    """The start of the answer."""
    headers = [(b"host", b"here:8501")]
    if origin:
        headers.append((b"origin", origin.encode()))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": headers,
    }
    sent = []

    async def send(message):
        sent.append(message)

    app = origins.Origins(_generous, [_NAMED])
    asyncio.run(app(scope, None, send))
    return sent[0]


class OriginsTest(tf.test.TestCase, parameterized.TestCase):
    def test_the_rules_of_what_is_mounted_do_not_get_out(self):
        for path in ("/studio/", "/v2"):
            self.assertEqual(
                _start("GET", path, "https://other.example")["headers"],
                [(b"etag", b"1"), (b"x-content-type-options", b"nosniff")],
            )

    @parameterized.parameters(
        ("POST", "/studio/run", None, 200),
        ("POST", "/studio/run", _OWN, 200),
        ("POST", "/studio/run", _NAMED, 200),
        ("POST", "/studio/run", "https://other.example", 403),
        ("POST", "/studio/run", "null", 403),
        ("DELETE", "/studio/run", "http://here:80", 403),
        ("GET", "/studio/", "https://other.example", 200),
        ("POST", "/v2/models/faces/infer", "https://other.example", 200),
    )
    def test_a_foreign_page_changes_nothing_in_the_studio(
        self, method, path, origin, expected
    ):
        self.assertEqual(_start(method, path, origin)["status"], expected)


if __name__ == "__main__":
    tf.test.main()
