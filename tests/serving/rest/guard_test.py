"""What is let in, how large a body may be, how long it may take."""

import asyncio
from unittest import mock

import orjson
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving.rest import guard

_TOKEN = "söcret"  # noqa: S105


async def _echo(scope, receive, send):
    message = await receive() if scope["method"] != "GET" else {"body": b""}
    await guard.respond(send, 200, [], message["body"])


def _call(messages, *, method="POST", path="/x", headers=(), **settings):
    """Status, headers and body that the client gets."""
    sent, messages = [], list(messages)

    async def receive():
        if not messages:
            await asyncio.sleep(60)
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    made = guard.Guard(
        _echo,
        **{"token": None, "max_request_bytes": 10, "timeout_seconds": 0.05}
        | settings,
    )
    scope = {"type": "http", "method": method, "path": path}
    with mock.patch.object(guard, "_LINGER_SECONDS", 0.05):
        asyncio.run(made({**scope, "headers": list(headers)}, receive, send))
    body = b"".join(each.get("body", b"") for each in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), body


def _chunks(*bodies, is_whole=True):
    count = len(bodies)
    for index, body in enumerate(bodies):
        more = index < count - 1 or not is_whole
        yield {"type": "http.request", "body": body, "more_body": more}
    if is_whole:
        yield {"type": "http.disconnect"}


class GuardTest(tf.test.TestCase, parameterized.TestCase):
    def test_only_health_is_told_without_it(self):
        for path, expected in (
            ("/v2/health/live", 200),
            ("/v2/health/ready", 200),
            ("/metrics", 401),
            ("/v2/models", 401),
            ("/openapi.json", 401),
        ):
            status, headers, _ = _call(
                [], method="GET", path=path, token=_TOKEN
            )
            self.assertEqual(status, expected, path)
        self.assertStartsWith(headers[b"www-authenticate"], b"Bearer")

    def test_a_body_arrives_whole(self):
        status, _, body = _call(_chunks(b"one", b"", b"two"))
        self.assertEqual((status, body), (200, b"onetwo"))

    @parameterized.parameters(
        ([(b"content-length", b"11")], [b"x"]),
        ([(b"transfer-encoding", b"chunked")], [b"123456", b"78901"]),
    )
    def test_one_too_large_is_refused(self, headers, bodies):
        status, answer, body = _call(_chunks(*bodies), headers=headers)
        self.assertEqual(status, 413)
        self.assertEqual(answer[b"connection"], b"close")
        self.assertIn("1e-05 MB at most", orjson.loads(body)["error"])

    def test_all_that_are_held_have_a_limit(self):
        async def hold():
            released, statuses = asyncio.Event(), []

            async def wait(scope, receive, send):
                await released.wait()
                await guard.respond(send, 200, [], b"")

            made = guard.Guard(
                wait, token=None, max_request_bytes=10, timeout_seconds=5
            )

            async def ask():
                messages = list(_chunks(b"x" * 10))

                async def receive():
                    return messages.pop(0)

                async def send(message):
                    if "status" in message:
                        statuses.append(message["status"])

                scope = {"type": "http", "method": "POST", "path": "/x"}
                await made({**scope, "headers": []}, receive, send)

            asked = [asyncio.create_task(ask()) for _ in range(8)]
            await asyncio.sleep(0)
            await ask()
            released.set()
            await asyncio.gather(*asked)
            await ask()
            return statuses

        self.assertEqual(asyncio.run(hold()), [429] + [200] * 9)

    def test_its_length_is_refused_before_it_is_read(self):
        headers = [(b"content-length", b"11")]
        status, *_ = _call([{"type": "http.disconnect"}], headers=headers)
        self.assertEqual(status, 413)

    def test_one_that_does_not_come_is_given_up(self):
        status, _, body = _call(_chunks(b"one", is_whole=False))
        self.assertEqual(status, 408)
        self.assertIn("3 bytes did", orjson.loads(body)["error"])

    def test_one_that_is_compressed_is_not_read(self):
        headers = [(b"content-encoding", b"gzip")]
        status, *_ = _call(_chunks(b"x"), headers=headers)
        self.assertEqual(status, 415)


if __name__ == "__main__":
    tf.test.main()
