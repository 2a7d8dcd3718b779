"""What every HTTP request passes before its route: token, size, time.

Plain ASGI, without a framework's middleware: a picture takes milliseconds.
"""

import asyncio

import orjson

from stylegan_tf.serving import errors, tokens

_OPEN = "/v2/health/"  # probes carry no token
STUDIO = "/studio"  # where a person, not a program, sends the token
_LINGER_SECONDS = 2.0
_BODIES = 8  # largest ones that may be held at the same time
_JSON = (b"content-type", b"application/json")


class Slow(errors.Refused):
    """A client that does not send what it said it would."""

    status, code = 408, "DEADLINE_EXCEEDED"


class Guard:
    """Refuses in JSON, reads the body whole, answers HEAD as GET.

    Args:
        app: The application behind it.
        token: What clients have to send, or None.
        max_request_bytes: Of a body.
        timeout_seconds: For the whole body to arrive.
    """

    def __init__(self, app, *, token, max_request_bytes, timeout_seconds):
        self._app, self._token = app, token
        self._max_bytes = max_request_bytes
        self._timeout_seconds = timeout_seconds
        self._held_bytes = 0  # of bodies that arrive or wait for an answer

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held = [0]
        try:
            await self._let_in(scope, receive, send, held)
        finally:
            self._held_bytes -= held[0]

    async def _let_in(self, scope, receive, send, held):
        """`held[0]` becomes how many bytes of the body are held."""
        headers = dict(scope["headers"])
        try:
            self._check(scope, headers)
            if scope["method"] == "HEAD":
                scope = {**scope, "method": "GET"}  # the server drops the body
            elif scope["method"] != "GET":
                receive = await self._whole_body(receive, held)
        except errors.Refused as refusal:
            await _refuse(refusal, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope, headers):
        path = scope["path"]
        given = headers.get(b"authorization")
        given = None if given is None else given.decode(errors="replace")
        if not path.startswith(_OPEN) and not tokens.is_allowed(
            given, self._token
        ):
            scheme = "Basic" if path.startswith(STUDIO) else "Bearer"
            raise errors.Unauthenticated(
                "This server wants a token: `Authorization: Bearer TOKEN`",
                {"WWW-Authenticate": f'{scheme} realm="stylegan_tf"'},
            )
        if int(headers.get(b"content-length", 0)) > self._max_bytes:
            raise self._too_large()
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise errors.WrongType("A body must not be compressed")

    async def _whole_body(self, receive, held):
        """A `receive` that gives the body at once, then what comes after."""
        chunks = []
        try:
            async with asyncio.timeout(self._timeout_seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise errors.Invalid("The client left")
                    chunks.append(message["body"])
                    self._hold(len(message["body"]), held)
                    if not message["more_body"]:
                        break
        except TimeoutError:
            raise Slow(
                f"The body did not arrive in {self._timeout_seconds:g} s: "
                f"{held[0]} bytes did"
            ) from None
        whole = [{"type": "http.request", "body": b"".join(chunks)}]

        async def receive_whole():
            return whole.pop() if whole else await receive()

        return receive_whole

    def _hold(self, size, held):
        held[0] += size
        self._held_bytes += size
        if held[0] > self._max_bytes:
            raise self._too_large()
        if self._held_bytes > _BODIES * self._max_bytes:
            raise errors.Busy(
                "The bodies of other requests fill the memory that they may "
                "have; come back in a second"
            )

    def _too_large(self):
        megabytes = self._max_bytes / 1e6
        return errors.TooLarge(
            f"A body has {megabytes:g} MB at most here: send fewer rows at a "
            "time, or use gRPC"
        )


async def respond(send, status, headers, body, *, more_body=False):
    """Sends an answer of bytes, with its length.

    Args:
        send: Of ASGI.
        status: An int.
        headers: Pairs of bytes.
        body: Bytes.
        more_body: Whether something comes after it.
    """
    length = (b"content-length", str(len(body)).encode())
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*headers, length]})
    end = {"type": "http.response.body", "body": body}
    await send({**end, "more_body": more_body})


def error_body(message):
    """JSON bytes of what every refusal says."""
    return orjson.dumps({"error": message})


async def _refuse(refusal, receive, send):
    """Answers, then reads on a little: a client still sending its body would
    see a reset connection instead of the answer."""
    headers = [(b"connection", b"close"), _JSON]
    for name, value in refusal.headers.items():
        headers.append((name.lower().encode(), value.encode()))
    body = error_body(str(refusal))
    await respond(send, refusal.status, headers, body, more_body=True)
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while (await receive()).get("more_body"):
                pass
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})
