"""A local HTTP server that cuts off, knows no ranges, and so on."""

import contextlib
import http.server
import threading


class Server(http.server.ThreadingHTTPServer):
    """Serves one file.

    Attributes:
        content: Its bytes.
        cuts: For every answer to come, how many bytes to send of it; when
            there are no more, answers are whole.
        knows_ranges: Whether it answers a Range header.
        html: Whether the answer is a web page.
        tells_length: Whether there is a Content-Length.
        starts: First byte of every answer so far.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = bytes(range(256)) * 4096
        self.cuts, self.starts = [], []
        self.knows_ranges = self.tells_length = True
        self.html = False
        self.address = f"http://127.0.0.1:{self.server_port}/x.pkl"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server, start = self.server, 0
        size = len(server.content)
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved/"))
            self.end_headers()
            return
        given = self.headers.get("Range", "")
        if given and server.knows_ranges:
            start = int(given.removeprefix("bytes=").split("-")[0])
        server.starts.append(start)
        if start >= size:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            told = f"bytes {start}-{size - 1}/{size}"
            self.send_header("Content-Range", told)
        if server.tells_length:
            self.send_header("Content-Length", str(size - start))
        kind = "text/html" if server.html else "application/octet-stream"
        self.send_header("Content-Type", kind)
        self.end_headers()
        end = start + server.cuts.pop(0) if server.cuts else size
        self.wfile.write(server.content[start:end])

    def log_message(self, *args):
        """Says nothing."""


@contextlib.contextmanager
def serving():
    """A `Server` that answers in a thread."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
