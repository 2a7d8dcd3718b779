"""What computed a number: versions of the software, and the machine."""

import os
import platform

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import processor, version


def software():
    """Versions by name."""
    return {
        "stylegan_tf": version.__version__,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def machine():
    """How many GPUs; else the processor, its cores, its widest instructions.

    `1 x NVIDIA H100`, or `AMD EPYC x 2, AVX2`.
    """
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        name = processor.model() or platform.machine()
        cores = f"{name} x {len(os.sched_getaffinity(0))}"
        return ", ".join(filter(None, (cores, processor.instructions())))
    details = tf.config.experimental.get_device_details(gpus[0])
    return f"{len(gpus)} x {details.get('device_name', 'GPU')}"
