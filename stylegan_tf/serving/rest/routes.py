"""What every route does, from a request to a response."""

import asyncio
import re

import fastapi
import prometheus_client

from stylegan_tf import images
from stylegan_tf.serving import errors, v2
from stylegan_tf.serving.rest import (
    beside,
    json_text,
    open_inference,
    picture,
    tf_serving,
)

_JSON, _BINARY = "application/json", "application/octet-stream"
_FORM = "application/x-www-form-urlencoded"  # what `curl -d` says of any body
_NO_WEIGHT = re.compile(r"\bq\s*=\s*0(\.0*)?\s*(;|$)")  # of a media range
_SMALL = 16_384  # numbers of an image, whose PNG takes half a millisecond
_MAX_AGE_SECONDS = 300  # of a picture; then its ETag is asked for


class Routes:
    """A method a route, each from a request to a response.

    Args:
        model: A `serving.Model`.
    """

    def __init__(self, model):
        self._model = model
        self._plane = open_inference.DataPlane(model)

    async def index(self, request: fastapi.Request):
        """What there is: the model, its versions and the routes."""
        return _json(
            {
                "model": self._model.name,
                "versions": tf_serving.status(
                    self._model.statuses(), self._model.failures()
                ),
                "image": picture.example(self._model.servable().card),
                "routes": [route.path for route in request.app.routes],
            }
        )

    async def metrics(self, request: fastapi.Request):
        """Prometheus's text: KServe's metrics, and requests by status."""
        return fastapi.Response(
            prometheus_client.generate_latest(),
            media_type=prometheus_client.CONTENT_TYPE_LATEST,
        )

    async def image(self, request: fastapi.Request):
        """The PNG of a seed, as tools.generate makes it."""
        pairs = request.query_params.multi_items()
        known = request.headers.get("if-none-match", "")
        while True:
            servable = self._model.servable()
            asked = picture.parse(pairs, servable.card)
            tag = picture.etag(asked, servable)
            headers = {
                "etag": tag,
                "cache-control": f"max-age={_MAX_AGE_SECONDS}",
            }
            if picture.is_known(known, tag):
                return fastapi.Response(status_code=304, headers=headers)
            _check_accept(request, "image/png")
            try:
                made = await picture.compute(self._model, asked, servable)
            except errors.Missing:
                if self._model.servable() is servable:
                    raise
                continue  # a newer version has just taken over
            request.state.rows = 1
            png = await _png(made)
            return fastapi.Response(png, 200, headers, "image/png")

    async def models(self, request: fastapi.Request):
        """The names of the models: one."""
        return _json({"models": [self._model.name]})

    async def status(self, request: fastapi.Request):
        """TensorFlow Serving's states of versions; KServe's readiness."""
        version = self._version(request)
        statuses = self._model.statuses()
        if version is not None:
            if version not in statuses:
                raise errors.Missing(
                    f"There is no version {version}. Versions: "
                    f"{', '.join(map(str, statuses))}"
                )
            statuses = {version: statuses[version]}
        return _json(
            {
                "name": self._model.name,
                "ready": "AVAILABLE" in statuses.values(),
                "model_version_status": tf_serving.status(
                    statuses, self._model.failures()
                ),
            }
        )

    async def tf_metadata(self, request: fastapi.Request):
        """TensorFlow Serving's signatures."""
        servable = self._model.servable(self._version(request))
        return _json(tf_serving.metadata(self._model.name, servable))

    async def predict(self, request: fastapi.Request):
        """TensorFlow Serving's prediction, and KServe's V1."""
        version = self._version(request)
        _check_type(request, _JSON, _FORM)
        body, servable = await request.body(), self._model.servable(version)
        name, inputs, by_row = await beside.call(
            len(body), tf_serving.request, body, servable
        )
        _, outputs = await self._model.predict(name, inputs, version)
        request.state.rows = max(map(len, outputs.values()))
        body = tf_serving.answer(outputs, by_row=by_row)
        return fastapi.Response(body, media_type=_JSON)

    async def server(self, request: fastapi.Request):
        """The server's name, version and extensions."""
        return _json(
            {
                "name": v2.SERVER,
                "version": v2.software(self._model),
                "extensions": ["binary_tensor_data"],
            }
        )

    async def live(self, request: fastapi.Request):
        """Whether the server runs."""
        return _json({"live": True})

    async def ready(self, request: fastapi.Request):
        """Whether it answers requests."""
        self._check_ready()
        return _json({"ready": True})

    async def v2_metadata(self, request: fastapi.Request):
        """A model's inputs and outputs."""
        version = self._version(request)
        return _json(v2.metadata(self._model, version))

    async def v2_ready(self, request: fastapi.Request):
        """Whether a model, or one version of it, answers requests."""
        self._model.servable(self._version(request))
        self._check_ready()
        return _json({"name": self._model.name, "ready": True})

    async def infer(self, request: fastapi.Request):
        """The Open Inference Protocol's inference."""
        version = self._version(request)
        _check_type(request, _JSON, _BINARY)
        headers = dict(request.headers)
        name = self._model.name
        body = await request.body()
        asked, _ = await beside.call(
            len(body), self._plane.decode, body, headers, "v2", name
        )
        asked.model_version = version
        answer, _ = await self._plane.infer(name, asked, headers)
        request.state.rows = max(each.shape[0] for each in answer.outputs)
        body, found = self._plane.encode(name, answer, headers, {})
        return fastapi.Response(body, headers=found)

    def _version(self, request):
        """The version that a path names, or None; its model is this one."""
        name, text = map(request.path_params.get, ("model", "version"))
        if (text or name).endswith(":predict") and request.method == "GET":
            raise errors.NotOffered("POST it, please", {"Allow": "POST"})
        if name != self._model.name:
            raise errors.Missing(
                f"There is no model `{name[:60]}` here. There is "
                f"`{self._model.name}`"
            )
        return None if text is None else v2.version(text)

    def _check_ready(self):
        if self._model.is_stopping:
            raise errors.Stopping("The server is stopping")


def _json(value):
    return fastapi.Response(json_text.write(value), media_type=_JSON)


async def _png(image):
    """Beside the loop if it takes longer than to get there."""
    if image.size <= _SMALL:
        return images.to_png(image)
    return await asyncio.to_thread(images.to_png, image)


def _check_type(request, *types):
    """Refuses a body that says it is none of `types`."""
    given = request.headers.get("content-type", types[0])
    if given.partition(";")[0].strip().lower() not in types:
        raise errors.WrongType(
            f"The body must be {types[0]}. Received: {given[:60]}"
        )


class _NotAcceptable(errors.Refused):
    status = 406


def _check_accept(request, kind):
    """Refuses a client that wants something else."""
    accepted = ",".join(request.headers.getlist("accept")).lower() or "*/*"
    ranges = {
        name.strip()
        for name, _, more in (e.partition(";") for e in accepted.split(","))
        if not _NO_WEIGHT.search(more)
    }
    if not ranges & {kind, f"{kind.partition('/')[0]}/*", "*/*"}:
        raise _NotAcceptable(f"There is {kind} only. Accepted: {accepted[:80]}")
