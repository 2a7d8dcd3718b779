"""uvicorn's HTTP, with limits on clients that send or read too slowly."""

from uvicorn.protocols.http import httptools_impl

from stylegan_tf.serving.rest import guard

_MAX_HEAD_BYTES = 65_536  # request line and headers
_HEAD_SECONDS = 10.0
_READING_SECONDS = 30.0  # of an answer, without any progress


class Protocol(httptools_impl.HttpToolsProtocol):
    """Refuses in JSON what is no HTTP, a head too long, a head too late."""

    def connection_made(self, transport):
        self._timer, self._in_head, self._head_bytes = None, False, 0
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
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self):
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data):
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
