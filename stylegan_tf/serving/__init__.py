"""A server of exported networks: REST and gRPC over one queue of requests.

Read `model` first: every protocol asks it, whichever version answers. Below
it, from the folder on the disk to the answer:

versions     which version of the folder answers, and how a new one takes over
batching     requests that wait at the same time, computed at the same time
servable     one version: what it takes, and answers to it
signatures   what a SavedModel says that it takes and gives
nested       lists of lists of JSON, as arrays
checking     what came, as the arrays that a signature takes
errors       why a request is refused, in the terms of both protocols

rest/        HTTP: TensorFlow Serving's JSON, Open Inference, pictures
rpc/         gRPC of the same two protocols
server       the process: both ports until a signal, then the drain
tokens, access_log   who may ask, and a line for each who did
v2, kserve_sdk       what both ports say in the Open Inference Protocol

No protocol is known outside rest/ and rpc/, which do not know each other.
"""
