"""The token that clients of either protocol send."""

import base64
import binascii
import hmac


def is_allowed(header: str | None, token: str | None) -> bool:
    """Whether an Authorization header carries the token.

    `Bearer TOKEN`; or Basic with any user name and the token as the password,
    which is how a browser asks a person. How long the comparison takes says
    nothing about the token.

    Args:
        header: The header's value, if there is one.
        token: None if all are allowed.
    """
    if token is None:
        return True
    scheme, _, given = (header or "").partition(" ")
    given = given.strip().encode(errors="replace")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[2]
        except binascii.Error:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given, token.encode())
