"""Why a request is refused, in the terms of HTTP and of gRPC.

Whoever speaks a protocol answers `str(error)` with the error's `status` and
`headers`, or with its `code`.
"""

_MOST = 500  # characters of a message, which may quote what came


class Refused(Exception):
    """A request that gets no answer but one sentence why.

    Attributes:
        status: Of HTTP.
        code: Name of a `grpc.StatusCode`.
        headers: Of HTTP, a dict of strings.
    """

    status, code = 400, "INVALID_ARGUMENT"

    def __init__(self, message: str, headers: dict | None = None):
        is_short = len(message) <= _MOST
        super().__init__(message if is_short else f"{message[:_MOST]} ...")
        self.headers = headers or {}


class Invalid(Refused):
    """Not what the signature takes."""


class Unauthenticated(Refused):
    """Without the token, or with another one."""

    status, code = 401, "UNAUTHENTICATED"


class Missing(Refused):
    """A model, a version or a page that there is not."""

    status, code = 404, "NOT_FOUND"


class TooLarge(Refused):
    """More bytes than a request may have."""

    status, code = 413, "RESOURCE_EXHAUSTED"


class WrongType(Refused):
    """A content type that is not read here."""

    status, code = 415, "INVALID_ARGUMENT"


class Busy(Refused):
    """As much waits as may wait.

    Args:
        message: One sentence.
        retry_seconds: When to come back, an int, told in Retry-After.
    """

    status, code = 429, "RESOURCE_EXHAUSTED"

    def __init__(self, message: str, retry_seconds: int = 1):
        super().__init__(message, {"Retry-After": str(retry_seconds)})


class Stopping(Refused):
    """The server answers what it has accepted and takes no more."""

    status, code = 503, "UNAVAILABLE"


class Late(Refused):
    """Accepted, but not computed in time: the server's own slowness."""

    status, code = 504, "DEADLINE_EXCEEDED"


class NotOffered(Refused):
    """What a protocol has and a generator has no use for."""

    status, code = 405, "UNIMPLEMENTED"
