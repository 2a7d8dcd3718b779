"""The parts of the KServe SDK that the servers stand on.

`kserve.ModelServer` is not one of them: it listens on all addresses, owns one
application a process, and reads `sys.argv` when it is imported, which is why
kserve is imported here alone.
"""

import sys

_ARGUMENTS = sys.argv
try:
    sys.argv = sys.argv[:1]
    from kserve import Model, ModelRepository  # noqa: F401
    from kserve.protocol import dataplane, infer_type  # noqa: F401
    from kserve.protocol.grpc import (  # noqa: F401
        grpc_predict_v2_pb2,
        grpc_predict_v2_pb2_grpc,
    )
    from kserve.protocol.rest import v2_datamodels  # noqa: F401
    from kserve.utils import numpy_codec  # noqa: F401
finally:
    sys.argv = _ARGUMENTS
