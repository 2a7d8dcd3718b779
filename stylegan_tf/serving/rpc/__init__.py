"""gRPC: the services of two protocols behind one port.

server          the port: token, log, refusals, the drain
tf_serving      TensorFlow Serving's PredictionService and ModelService
open_inference  the Open Inference Protocol's service
tensors         tensors of both, as arrays and back
"""
