"""Ways that only TensorFlow has, and only processors gain from.

Exports must not hold what XLA compiles, and on other backends there is no
TensorFlow: such a way has to be asked for where a function is traced.
`bias_act` and `resample` choose it.
"""

from stylegan_tf.ops import asking

asked, is_asked = asking.way("fast")
