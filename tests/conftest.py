"""Quiet TensorFlow with two logical CPUs, for the tests of replicas."""

from absl import flags

from stylegan_tf import quiet

flags.FLAGS.mark_as_parsed()
tf = quiet.import_tensorflow()
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)
tf.test.TestCase.test_session.__test__ = False
