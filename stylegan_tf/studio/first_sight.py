"""The first picture, in the page before Gradio runs.

Gradio fetches some seventy files before it draws anything: a second on one
machine, several on a phone. Until then the page shows what it will show.
"""

from stylegan_tf.studio import looks

_BEFORE = b"</body>"
# At the server's root, where it is not; asked for at each new address.
_MANIFEST = b'<link rel="manifest" href="/manifest.json" />'
_KEEP = (b"cache-control", b"public, max-age=31536000, immutable")
_REMOVE = """<script>
new MutationObserver((_, watch) => {
  if (!document.querySelector("gradio-app figure.made img")) return;
  document.getElementById("first-sight").remove();
  watch.disconnect();
}).observe(document.body, { childList: true, subtree: true });
</script>"""


def html(header, figure):
    """What stands in the page, HTML.

    Args:
        header: HTML of `looks.header`.
        figure: HTML of `controls.figure`.
    """
    return (
        f'<div id="first-sight"><style>{looks.CSS}</style>{header}'
        f"<div>{figure}</div></div>{_REMOVE}"
    )


class Middleware:
    """Puts it into the page, unless the address asks for another picture.

    Plain ASGI. Gradio's own files carry their hash in their names, so
    browsers may keep them.

    Args:
        app: Gradio's.
        html: What to put there.
    """

    def __init__(self, app, html):
        self._app, self._html = app, html.encode()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
        elif "/assets/" in scope["path"]:
            await self._app(scope, receive, _keeping(send))
        else:
            html = b"" if scope["query_string"] else self._html
            await self._app(scope, receive, _Inserting(send, html))


def _keeping(send):
    """Sends with leave to keep what is sent for a year."""

    async def send_kept(message):
        is_found = message.get("status") in (200, 304)
        if message["type"] == "http.response.start" and is_found:
            headers = _without(message["headers"], b"cache-control")
            message = message | {"headers": [*headers, _KEEP]}
        await send(message)

    return send_kept


class _Inserting:
    """Sends a page with something before its end, anything else as it is."""

    def __init__(self, send, html):
        self._send, self._html = send, html
        self._start, self._body = None, b""

    async def __call__(self, message):
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if kind.startswith(b"text/html"):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body.replace(_MANIFEST, b"", 1)
        body = body.replace(_BEFORE, self._html + _BEFORE, 1)
        headers = _without(self._start["headers"], b"content-length")
        length = (b"content-length", str(len(body)).encode())
        await self._send(self._start | {"headers": [*headers, length]})
        await self._send({"type": "http.response.body", "body": body})


def _without(headers, name):
    return [each for each in headers if each[0].lower() != name]
