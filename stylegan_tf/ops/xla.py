"""Ways that gain where XLA compiles what is traced.

There many small operations become one pass over memory, while a filter that
is a grouped convolution stays one, and a slow one on GPUs. `resample` chooses.
"""

from stylegan_tf.ops import asking

asked, is_asked = asking.way("xla")
