"""How TensorFlow is started: without notices, with its fast CPU kernels."""

import contextlib
import os
import stat
import sys
import tempfile

_MOST_SLICES = 8  # more cores share the operations
_FEWEST_BUSY = 0.75  # of the cores


@contextlib.contextmanager
def hidden_stderr():
    """Swallows what native code writes to standard error meanwhile.

    TF_CPP_MIN_LOG_LEVEL does not silence TensorFlow 2.21's oneDNN and CUDA
    notices. If the block raises, what was swallowed is shown.
    """
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(saved, 2)
            sink.seek(0)
            sys.stderr.write(sink.read().decode(errors="replace"))
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def leave_terminal():
    """Drops what is still printed, unless it goes to a file.

    A terminal that was closed takes no more lines, nor does a program that
    was closed with it: printing would end what is to be saved first.
    """
    for stream in (1, 2):
        with contextlib.suppress(OSError):  # closed already
            if not stat.S_ISREG(os.fstat(stream).st_mode):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream)
                os.close(nowhere)


def import_tensorflow(*, in_slices=False):
    """Imports TensorFlow and lists its devices, silently.

    Float32 means float32: TensorFloat-32 would be off by 1e-3 on GPUs.
    oneDNN's convolutions are on: TensorFlow leaves them off on CPUs without
    AVX-512, where they are twice as fast as its own all the same.

    Args:
        in_slices: Whether the program computes batches in slices, see
            `cores`: every operation has a thread of its own then, and what is
            not in slices one core.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    with hidden_stderr():
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        tf.config.experimental.enable_tensor_float_32_execution(False)
    if in_slices and not gpus:
        with contextlib.suppress(RuntimeError):  # TensorFlow has begun
            _share_cores(tf.config.threading, len(os.sched_getaffinity(0)))
    return tf


def _share_cores(threading, cores):
    at_once, each = shared(cores)
    if at_once > 1:
        threading.set_intra_op_parallelism_threads(each)
        threading.set_inter_op_parallelism_threads(at_once)


def shared(cores):
    """How many slices are computed at once, and by how many cores each.

    A power of two, as batches are, with which few cores have nothing to do.
    """
    at_once = _MOST_SLICES
    while at_once * (cores // at_once) < _FEWEST_BUSY * cores:
        at_once //= 2
    return at_once, cores // at_once
