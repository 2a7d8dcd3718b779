"""Adam of Keras, with one operation for each variable in place of a dozen."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("stylegan_tf")
class Adam(keras.optimizers.Adam):
    """Keras's Adam in one pass over every variable and its two moments.

    Large weights, such as the mapping's, are bound by memory, and small ones
    by the number of operations; the variables and their names are Keras's.

    Reference: https://arxiv.org/abs/1412.6980, the form that ends section 2
    """

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=self.beta_1**step,
            beta2_power=self.beta_2**step,
            lr=tf.cast(learning_rate, tf.float32),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )
