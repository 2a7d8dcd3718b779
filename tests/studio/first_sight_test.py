"""What the first picture's middleware does to pages, and leaves alone."""

import asyncio

import tensorflow as tf

from stylegan_tf.studio import first_sight

_MANIFEST = b'<link rel="manifest" href="/manifest.json" />'
_PAGE = [b"<html>" + _MANIFEST + b"<body>x</bo", b"dy></html>"]


def _answer(path="/", query=b"", kind=b"text/html; charset=utf-8"):
    """Headers and body of a page that comes in two parts."""
    sent = []

    async def app(scope, receive, send):
        headers = [(b"content-type", kind), (b"content-length", b"27")]
        start = {"type": "http.response.start", "status": 200}
        await send(start | {"headers": headers})
        for part, more in zip(_PAGE, (True, False), strict=True):
            message = {"type": "http.response.body", "body": part}
            await send(message | {"more_body": more})

    async def send(message):
        sent.append(message)

    middleware = first_sight.Middleware(app, "<p>é</p>")
    scope = {"type": "http", "method": "GET", "path": path}
    asyncio.run(middleware(scope | {"query_string": query}, None, send))
    body = b"".join(each.get("body", b"") for each in sent)
    return dict(sent[0]["headers"]), body


class MiddlewareTest(tf.test.TestCase):
    def test_a_page_has_it_before_its_end(self):
        headers, body = _answer()
        expected = "<html><body>x<p>é</p></body></html>".encode()
        self.assertEqual(body, expected)
        self.assertEqual(int(headers[b"content-length"]), len(expected))

    def test_a_page_of_another_picture_has_it_not(self):
        _, body = _answer(query=b"seed=5")
        self.assertEqual(body, b"<html><body>x</body></html>")

    def test_all_else_is_left_alone(self):
        _, body = _answer(kind=b"application/json")
        self.assertEqual(body, b"".join(_PAGE))

    def test_files_with_a_hash_in_their_name_are_kept(self):
        headers, _ = _answer("/studio/assets/a-1f.js", kind=b"text/javascript")
        self.assertIn(b"immutable", headers[b"cache-control"])
        self.assertNotIn(b"cache-control", _answer()[0])


if __name__ == "__main__":
    tf.test.main()
