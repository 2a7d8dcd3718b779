"""What TensorFlow Serving does with a model's folder, in a session.

It runs as a server's C++ does: the newest version, from `saved_model.pb`
alone, a PredictRequest at a time, by what SignatureDefs say.
"""

import pathlib

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2


class ModelServer:
    """Loads the newest version of the model in a folder.

    Args:
        path: Of the folder.
        knows_defaults: Whether inputs may be left out, as of newer servers.
        batches: Whether it was started with --enable_batching.
    """

    def __init__(self, path, *, knows_defaults=True, batches=False):
        numbers = [int(p.name) for p in path.iterdir() if p.name.isdecimal()]
        self.path = pathlib.Path(path, str(max(numbers)))
        self.knows_defaults, self.batches = knows_defaults, batches
        data = (self.path / "saved_model.pb").read_bytes()
        (self.graph,) = saved_model_pb2.SavedModel.FromString(data).meta_graphs
        self.signatures = {
            name: each
            for name, each in self.graph.signature_def.items()
            if not name.startswith("__")
        }
        with tf.Graph().as_default() as graph:
            self._session = tf.compat.v1.Session(graph=graph)
            tf.compat.v1.saved_model.load(
                self._session, ["serve"], str(self.path)
            )

    def warm_up(self):
        """The requests of the warm-up file."""
        file = self.path / "assets.extra" / "tf_serving_warmup_requests"
        return [
            prediction_log_pb2.PredictionLog.FromString(
                record.numpy()
            ).predict_log.request
            for record in tf.data.TFRecordDataset(str(file))
        ]

    def predict(self, request):
        """Arrays by name of a PredictRequest.

        Raises:
            ValueError: If TensorFlow Serving would refuse it.
        """
        name = request.model_spec.signature_name or "serving_default"
        definition = self.signatures[name]
        given = dict(request.inputs)
        if unknown := set(given) - set(definition.inputs):
            raise ValueError(f"unknown inputs: {unknown}")
        if self.knows_defaults:
            given = {**definition.defaults, **given}
        if missing := set(definition.inputs) - set(given):
            raise ValueError(f"missing inputs: {missing}")
        arrays = {name: tf.make_ndarray(each) for name, each in given.items()}
        rows = {len(array) for array in arrays.values()}
        if self.batches and len(rows) > 1:
            raise ValueError(f"unequal numbers of rows: {rows}")
        feeds = {
            definition.inputs[name].name: array
            for name, array in arrays.items()
        }
        fetches = {name: i.name for name, i in definition.outputs.items()}
        return self._session.run(fetches, feeds)


def request(signature, **arrays):
    """A PredictRequest."""
    made = predict_pb2.PredictRequest()
    made.model_spec.signature_name = signature
    for name, array in arrays.items():
        made.inputs[name].CopyFrom(tf.make_tensor_proto(array))
    return made
