"""uvicorn's HTTP, with limits on clients that send or read too slowly."""

import re

from uvicorn.protocols.http import httptools_impl

from stylegan_tf.serving.rest import guard

_MAX_HEAD_BYTES = 65_536  # request line and headers
_UPGRADE = re.compile(rb"(?i)\r\nupgrade:[^\r\n]*")
_HEAD_SECONDS = 10.0
_READING_SECONDS = 30.0  # of an answer, without any progress


class Protocol(httptools_impl.HttpToolsProtocol):
    """Refuses in JSON what is no HTTP, a head too long, a head too late."""

    def connection_made(self, transport):
        self._timer, self._in_head, self._head_bytes = None, False, 0
        self._header_bytes = 0  # of the headers that are parsed
        super().connection_made(transport)
        self._wait(_HEAD_SECONDS, self._head_is_late)

    def is_busy(self):
        """Whether there is a request without its whole answer."""
        return self.cycle is not None and not self.cycle.response_complete

    def is_streaming(self):
        """Whether it sends an answer of a length that nobody knows."""
        return self.is_busy() and bool(self.cycle.chunked_encoding)

    def eof_received(self):
        """A client that has said all may still read: it is answered."""
        if not self.is_busy():
            return False
        if self.cycle.more_body:
            self._refuse(400, "The body ended before its length")
        self.cycle.keep_alive = False
        return True

    def connection_lost(self, exc):
        self._stop_waiting()
        super().connection_lost(exc)
        if self.is_busy() and (task := self.cycle.scope.get("task")):
            task.cancel()  # nobody waits for the answer

    def on_message_begin(self):
        self._in_head, self._header_bytes = True, 0
        super().on_message_begin()

    def on_header(self, name, value):
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > _MAX_HEAD_BYTES:
            self._refuse(431, "The headers are too long")
            raise ValueError("refused")  # the parser stops here
        super().on_header(name, value)

    def on_headers_complete(self):
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data):
        if self._in_head or not self.is_busy():
            data = _without_upgrade(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        is_busy = self.is_busy()
        if self._in_head or not is_busy:
            self._head_bytes += len(data)
            if self._head_bytes > _MAX_HEAD_BYTES:
                self._refuse(431, "The headers are too long")
            elif self._timer is None and not is_busy:
                self._wait(_HEAD_SECONDS, self._head_is_late)
        else:
            self._head_bytes = 0

    def pause_writing(self):
        super().pause_writing()
        self._wait(_READING_SECONDS, self.transport.abort)

    def resume_writing(self):
        super().resume_writing()
        self._stop_waiting()

    def send_400_response(self, msg):
        if not self.transport.is_closing():
            self._refuse(400, "This is not HTTP/1.1 as it should be")

    def _head_is_late(self):
        if self._in_head:
            self._refuse(408, "The headers did not arrive in time")
        else:
            self.transport.close()

    def _refuse(self, status, message):
        body = guard.error_body(message)
        head = (
            b"content-type: application/json\r\nconnection: close\r\n"
            b"x-content-type-options: nosniff\r\n"
            b"content-length: %d\r\n\r\n" % len(body)
        )
        self.transport.write(httptools_impl.STATUS_LINE[status] + head + body)
        self.transport.close()

    def _wait(self, seconds, then):
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_waiting(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _without_upgrade(data):
    """Data that a head begins with, which asks for no other protocol.

    A server may stay with HTTP/1.1 (RFC 9110, 7.8), as Java's clients expect
    that ask for HTTP/2; the parser would drop the body with the request.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"", head) + end + rest
