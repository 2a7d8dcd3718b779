"""What pages of other sites may do: what --cors_origins says, and no more.

What is mounted in the application has rules of its own (Gradio lets in every
origin, with its cookies); the server's are the only ones that get out.
"""

from stylegan_tf.serving.rest import guard

_SAFE = ("GET", "HEAD", "OPTIONS")
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"connection", b"close"),
    _NO_SNIFFING,
]


class Origins:
    """ASGI: no CORS of what is behind it, and no foreign page in the Studio.

    Args:
        app: The application behind it.
        allowed: Origins that may use the Studio beside its own.
    """

    def __init__(self, app, allowed=()):
        self._app, self._allowed = app, allowed

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if foreign := self._foreign(scope):
            body = guard.error_body(
                f"A page of {foreign[:100]} may not use the Studio here"
            )
            await guard.respond(send, 403, _HEADERS, body)
            return

        async def send_own(message):
            if message["type"] == "http.response.start":
                headers = [
                    (name, value)
                    for name, value in message.get("headers", ())
                    if not name.lower().startswith(b"access-control-")
                ]
                message = {**message, "headers": [*headers, _NO_SNIFFING]}
            await send(message)

        await self._app(scope, receive, send_own)

    def _foreign(self, scope):
        """The origin that would change something in the Studio, or None."""
        headers = dict(scope["headers"])
        is_studio = scope["path"].startswith(guard.STUDIO)
        if scope["method"] in _SAFE or not is_studio:
            return None
        if b"origin" not in headers:  # no browser
            return None
        origin = headers[b"origin"].decode(errors="replace")
        host = headers.get(b"host", b"").decode(errors="replace")
        is_own = origin.partition("://")[2].lower() == host.lower()
        return None if is_own or origin in self._allowed else origin
