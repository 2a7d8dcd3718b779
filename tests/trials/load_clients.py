"""Clients that ask a server for one picture after the other.

They share one event loop in one thread, and read no more of an answer than
they must: on two cores they leave the server its own.
"""

import asyncio
import collections
import dataclasses
import functools
import statistics
import time

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2

from stylegan_tf import model_card

_PREDICT = "/tensorflow.serving.PredictionService/Predict"
_TIMEOUT_SECONDS = 30


class Unaccepted(Exception):
    """The connection was refused or closed before an answer began."""


@dataclasses.dataclass
class Tally:
    """What clients saw."""

    seconds: list = dataclasses.field(default_factory=list)  # of each answer
    unaccepted: collections.Counter = dataclasses.field(
        default_factory=collections.Counter
    )
    errors: collections.Counter = dataclasses.field(
        default_factory=collections.Counter
    )
    elapsed: float = 0.0

    @property
    def rate(self):
        """Answers a second."""
        return len(self.seconds) / self.elapsed

    def milliseconds(self):
        """The 50th, 95th and 99th percentile of an answer's time."""
        cuts = statistics.quantiles(self.seconds, n=100)
        return [1000 * cuts[percent - 1] for percent in (50, 95, 99)]


class ImageClient:
    """GET /image of one seed after the other, on one connection."""

    def __init__(self, server, number):
        self._host, port = server.http.rsplit(":", 1)
        self._port, self._seed = int(port), 100_000 * number
        self._streams = None

    async def ask(self):
        """One picture; raises Unaccepted, or ValueError for another answer."""
        self._seed += 1
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(
                    self._host, self._port
                )
            reader, writer = self._streams
            writer.write(
                f"GET /image?seed={self._seed}&psi=0.7 HTTP/1.1\r\n"
                f"Host: {self._host}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await self.close()
            raise Unaccepted(str(error)) from error
        status, *lines = head.decode("latin-1").lower().splitlines()
        headers = dict(line.split(": ", 1) for line in lines if line)
        body = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            await self.close()
        if " 200 " not in status or not body.startswith(b"\x89PNG"):
            raise ValueError(f"{status}: {body[:80]!r}")

    async def close(self):
        """Closes the connection; the next question opens another."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


class PredictClient:
    """Predict of one latent after the other, on a connection of its own."""

    def __init__(self, server, number):
        self._channel = grpc.aio.insecure_channel(
            server.grpc, [("grpc.use_local_subchannel_pool", 1)]
        )
        self._call = self._channel.unary_unary(_PREDICT)
        self._requests, self._turn = requests_of(server.model), number

    async def ask(self):
        """As `ImageClient.ask`."""
        self._turn += 1
        request = self._requests[self._turn % len(self._requests)]
        try:
            answer = await self._call(request, timeout=_TIMEOUT_SECONDS)
        except grpc.aio.AioRpcError as error:
            text = f"{error.code().name}: {error.details()}"
            if error.code() == grpc.StatusCode.UNAVAILABLE:
                raise Unaccepted(text) from error
            raise ValueError(text) from error
        if len(answer) < 1000:
            raise ValueError(f"an answer of {len(answer)} bytes")

    async def close(self):
        """Closes the connection."""
        await self._channel.close()


CLIENTS = {"image": ImageClient, "predict": PredictClient}


@functools.cache
def requests_of(model, count=256):
    """Serialised PredictRequests for an export, of random latents."""
    size = model_card.read(model_card.newest(model))["z_size"]
    draw, made = np.random.RandomState(0), []
    for _ in range(count):
        request = predict_pb2.PredictRequest()
        request.model_spec.name = model.name
        z = draw.randn(1, size).astype(np.float32)
        request.inputs["z"].CopyFrom(tf.make_tensor_proto(z))
        made.append(request.SerializeToString())
    return made


async def loaded(server, protocol, *, clients, seconds, meanwhile=None):
    """The `Tally` of clients that ask in a row until the time is over.

    Args:
        server: A `serving.Server`.
        protocol: A key of CLIENTS.
        clients: How many at once.
        seconds: How long.
        meanwhile: An async function that runs amid it. With one, a client
            ends when it is not accepted any more.
    """
    tally, start = Tally(), time.perf_counter()

    async def ask_on(number):
        client = CLIENTS[protocol](server, number)
        try:
            while time.perf_counter() < start + seconds:
                if not await _asked(client, tally) and meanwhile:
                    break
        finally:
            await client.close()

    asking = [asyncio.create_task(ask_on(n)) for n in range(clients)]
    if meanwhile:
        await meanwhile()
    await asyncio.gather(*asking)
    tally.elapsed = time.perf_counter() - start
    return tally


async def _asked(client, tally):
    """Asks once; whether the server took the question."""
    start = time.perf_counter()
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            await client.ask()
        tally.seconds.append(time.perf_counter() - start)
    except Unaccepted as error:
        tally.unaccepted[str(error)] += 1
        return False
    except (ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
        tally.errors[repr(error)] += 1
    return True
