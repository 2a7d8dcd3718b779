"""Ways that gain where XLA compiles what is traced.

There many small operations become one pass over memory, while a filter that
is a grouped convolution stays one, and a slow one on GPUs. `resample` chooses.
"""

from stylegan_tf.ops import asking

asked, is_asked = asking.way("xla")


def in_slices(function, rows):
    """`function` of so many rows, in slices, see `cores`.

    In one where XLA compiles, which may be for another machine.
    """
    from stylegan_tf import cores  # TensorFlow, not for other backends

    return cores.apart(function, 1 if is_asked() else cores.slices(rows))
