"""Checks TensorFlow: devices, XLA, oneDNN and bfloat16."""

import importlib.util
import os
import time

from stylegan_tf import processor, quiet
from stylegan_tf.doctor import findings, machine

_INSTALL_CUDA = "pip install 'tensorflow[and-cuda]>=2.21,<2.22'"


def examine():
    """Every check of this module, as a list of `Finding`."""
    try:
        with quiet.hidden_stderr():
            import tensorflow as tf

            gpus = tf.config.list_physical_devices("GPU")
    except ImportError as error:
        reason = str(error).split("\n")[0]
        remedy = "make venv, or pip install -r requirements.txt"
        return [
            findings.check("tensorflow", reason, remedy, mark=findings.FAIL)
        ]
    return [
        findings.check("tensorflow", tf.__version__),
        keras_backend(),
        cuda_build(tf),
        *(gpu_device(tf, gpu) for gpu in gpus),
        *missing_gpu(tf, gpus, machine.driver_text()),
        onednn(os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1")),
        xla(tf),
        bfloat16(
            tf,
            size=8192 if gpus else 1024,
            flags=set() if gpus else processor.flags(),
        ),
    ]


def keras_backend():
    """Keras must run on TensorFlow to train."""
    import keras

    name = keras.backend.backend()
    remedy = "unset KERAS_BACKEND, and see ~/.keras/keras.json"
    remedy = remedy if name != "tensorflow" else ""
    return findings.check("keras backend", name, remedy, mark=findings.FAIL)


def cuda_build(tf):
    """What this TensorFlow was built with."""
    build = tf.sysconfig.get_build_info()
    value = "without CUDA"
    if build.get("cuda_version"):
        value = f"CUDA {build['cuda_version']}, cuDNN {build['cudnn_version']}"
    return findings.check("built with", value)


def gpu_device(tf, gpu):
    """Name and compute capability of one GPU."""
    details = tf.config.experimental.get_device_details(gpu)
    capability = ".".join(map(str, details.get("compute_capability", ())))
    value = f"{details.get('device_name', 'GPU')}, compute {capability}"
    return findings.check(gpu.name.split(":", 1)[1], value)


def missing_gpu(tf, gpus, driver):
    """A row if the driver sees a card and TensorFlow does not, or none."""
    if gpus or not driver:
        return []
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    has_cuda = tf.sysconfig.get_build_info().get("cuda_version")
    if hidden in ("", "-1"):
        remedy = f"unset CUDA_VISIBLE_DEVICES (it is {hidden!r})"
    elif not has_cuda or not importlib.util.find_spec("nvidia"):
        remedy = _INSTALL_CUDA
    else:
        remedy = (
            f"its CUDA libraries do not load: unset LD_LIBRARY_PATH, or "
            f"{_INSTALL_CUDA} --force-reinstall, or a newer driver"
        )
    value = "TensorFlow sees none, the driver does"
    return [findings.check("gpu", value, remedy)]


def onednn(setting):
    """TensorFlow's fast CPU kernels; on by default on x86."""
    if setting.lower() not in ("0", "false"):
        return findings.check("oneDNN", "on")
    remedy = "unset TF_ENABLE_ONEDNN_OPTS: bfloat16 is 100x slower without"
    return findings.check("oneDNN", "off", remedy)


def xla(tf):
    """Whether `jit_compile=True` compiles and runs."""
    try:
        doubled = tf.function(lambda x: x + x, jit_compile=True)
        works = float(doubled(tf.constant(21.0))) == 42.0
        value = "jit works" if works else "jit computes a wrong sum"
    except Exception as error:  # whatever XLA raises is the finding
        works, value = False, str(error).split("\n")[0][:80]
    remedy = "" if works else "--config.training.jit_compile=off"
    return findings.check("XLA", value, remedy)


def bfloat16(tf, size, flags=frozenset()):
    """Speed of a bfloat16 matrix product over a float32 one, measured.

    Args:
        tf: TensorFlow.
        size: Of the matrices.
        flags: What the processor can do, where it is what multiplies.
    """
    with quiet.hidden_stderr():  # what a processor lacks is said below
        plain, half = (
            2 * size**3 / _matmul_seconds(tf, size, dtype) / 1e9
            for dtype in ("float32", "bfloat16")
        )
    value = (
        f"{half / plain:.1f}x float32 on a {size} matmul "
        f"({half:,.0f} and {plain:,.0f} GFLOP/s)"
    )
    if half >= 1.5 * plain:
        return findings.check("bfloat16", value)
    remedy = "not worth it here: --config.training.precision=float32"
    if missing := processor.missing("bfloat16", flags):
        remedy = f"this processor has no {missing}: {remedy}"
    return findings.check("bfloat16", value, remedy)


def _matmul_seconds(tf, size, dtype):
    """Best of up to five, within a second or one product."""
    matrix = tf.cast(tf.fill((size, size), 0.5), dtype)
    multiply = tf.function(lambda x: tf.matmul(x, x)[0, 0])
    float(multiply(matrix))  # the first call traces
    times, deadline = [], time.perf_counter() + 1.0
    while len(times) < 5 and (not times or time.perf_counter() < deadline):
        start = time.perf_counter()
        float(multiply(matrix))
        times.append(time.perf_counter() - start)
    return min(times)
