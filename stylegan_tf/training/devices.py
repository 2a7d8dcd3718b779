"""Decides by the machine: replicas, precision, compilation."""

import json
import os

import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import processor
from stylegan_tf.training import precisions

# Traced once, though it is asked for after every call of a run.
_same = tf.function(tf.identity)
STRATEGIES = ("auto", "none", "mirrored", "multi_worker", "tpu")


def strategy(name):
    """The `tf.distribute.Strategy` called `name`.

    "auto" mirrors over the visible GPUs where there are several, and joins
    the other workers where TF_CONFIG or Slurm names any.

    Raises:
        ValueError: If there is no such strategy, or no cluster for it.
    """
    if name == "auto":
        name = _best()
    if name == "none":
        return tf.distribute.get_strategy()
    if name == "mirrored":
        return tf.distribute.MirroredStrategy(_logical_devices())
    if name == "multi_worker":
        return tf.distribute.MultiWorkerMirroredStrategy(_cluster())
    if name == "tpu":
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver()
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        return tf.distribute.TPUStrategy(resolver)
    raise ValueError(
        f"`strategy` must be one of {', '.join(STRATEGIES)}. Received: {name}"
    )


def is_alone(strategy):
    """Whether this is the only process of the run."""
    resolver = strategy.cluster_resolver
    return resolver is None or not resolver.cluster_spec().jobs


def is_chief(strategy):
    """Whether this process writes the run directory."""
    if is_alone(strategy):
        return True
    resolver = strategy.cluster_resolver
    if "chief" in resolver.cluster_spec().jobs:
        return resolver.task_type == "chief"
    return resolver.task_id == 0


def any_asks(strategy, interrupt):
    """Whether any process was asked to stop; all get the same answer."""
    return mean_over_processes(strategy, interrupt.asked) > 0


def refuse_disagreement(strategy, images_seen):
    """Raises `ValueError` if processes would go on at different places."""
    mean = mean_over_processes(strategy, images_seen)
    if mean != images_seen:
        raise ValueError(
            "All processes must see the same --workdir: this one would go on "
            f"at images_seen={images_seen}, the mean of all is {mean:g}"
        )


def mean_over_processes(strategy, value):
    """The mean of a number over all processes; all get the same answer."""
    if is_alone(strategy):
        return float(value)
    value = tf.constant(float(value), tf.float64)
    each = strategy.run(_same, args=(value,))
    return float(strategy.reduce("MEAN", each, axis=None))


def resolve(config):
    """The config with every "auto" decided for this machine."""
    config = config_lib.resolve(config)
    training = config.training
    gpus = tf.config.list_physical_devices("GPU")
    if training.precision == "auto":
        training.precision = _precision(config, gpus)
    if training.jit_compile == "auto":
        training.jit_compile = "on" if gpus else "off"  # slower on CPUs
    # It fails on the gradients of leaky ReLUs, says so on the screen, and
    # gains nothing measurable elsewhere.
    tf.config.optimizer.set_experimental_options({"remapping": False})
    if training.deterministic:
        tf.config.experimental.enable_op_determinism()
    return config_lib.resolve(config)


def _precision(config, gpus):
    """bfloat16 from Ampere on, float16 on older GPUs, else what is faster."""
    if not gpus:
        return precisions.faster(config)
    details = tf.config.experimental.get_device_details(gpus[0])
    capability = details.get("compute_capability", (0, 0))
    if capability >= (8, 0):
        return "bfloat16"
    return "float16" if capability >= (7, 0) else "float32"


def slow_precision(config):
    """One line if the precision that was asked for is slow here, else "".

    Args:
        config: Of a run.
    """
    precision = config.training.precision
    if precision in ("auto", "float32", "tf32"):
        return ""
    if tf.config.list_physical_devices("GPU"):
        return ""
    gain = precisions.gain(config, precision)
    if gain >= 1.0:
        return ""
    missing = processor.missing(precision, processor.flags())
    reason = f"which has no {missing}" if missing else "as was just measured"
    return (
        f"training.precision={precision} takes {1 / gain:.1f} times as long as "
        f"float32 on this processor, {reason}. Faster: "
        "--config.training.precision=float32"
    )


def _best():
    if _named_workers() or int(os.environ.get("SLURM_NTASKS", 1)) > 1:
        return "multi_worker"
    many = len(tf.config.list_logical_devices("GPU")) > 1
    return "mirrored" if many else "none"


def _logical_devices():
    gpus = tf.config.list_logical_devices("GPU")
    return [
        device.name for device in gpus or tf.config.list_logical_devices("CPU")
    ]


def _cluster():
    """Who trains together, by TF_CONFIG or Slurm."""
    resolvers = tf.distribute.cluster_resolver
    if _named_workers():
        return resolvers.TFConfigClusterResolver()
    if "SLURM_JOB_ID" in os.environ:
        return resolvers.SlurmClusterResolver()
    raise ValueError(
        "`strategy` multi_worker needs a cluster: start it with srun, or name "
        'all workers in TF_CONFIG, \'{"cluster": {"worker": ["HOST:PORT", '
        '...]}, "task": {"type": "worker", "index": 0}}\'. Received: '
        f"TF_CONFIG={os.environ.get('TF_CONFIG', '')!r}"
    )


def _named_workers():
    """The cluster that TF_CONFIG names, empty without one."""
    text = os.environ.get("TF_CONFIG") or "{}"
    try:
        return json.loads(text).get("cluster")
    except (ValueError, AttributeError) as error:
        raise ValueError(
            f"TF_CONFIG must be a JSON object. Received: {text!r} ({error})"
        ) from None
