"""Quiet TensorFlow with two logical CPUs, and signals as in a terminal.

Classes start from one seed: tf.test sets one for each test, but the networks
of setUpClass had the weights that the tests before had left.
"""

import signal

import pytest
from absl import flags

from stylegan_tf import quiet

flags.FLAGS.mark_as_parsed()
# nohup and shells' background jobs start programs that ignore these.
for _number, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, _usual)


def pytest_configure(config):
    """Sets TensorFlow up where tests run: not in what only hands them out."""
    is_worker = hasattr(config, "workerinput")
    if config.getoption("numprocesses", 0) and not is_worker:
        return  # ten seconds in which the workers could have begun
    tf = quiet.import_tensorflow()
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
    tf.config.list_logical_devices()  # from now on no tool sets threads
    tf.test.TestCase.test_session.__test__ = False


@pytest.fixture(scope="class", autouse=True)
def _seed():
    import tensorflow as tf

    tf.keras.utils.set_random_seed(0)
