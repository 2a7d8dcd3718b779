"""Computes features again where gradients need them, to keep them no longer.

As TensorFlow's `recompute_grad`, which can not be differentiated twice: R1
and path length do.
"""

from stylegan_tf.ops import asking

asked, _is_asked = asking.way("rematerialize")


def call(function, *inputs, **named):
    """What `function` makes; where it is asked for, without what lies between.

    Args:
        function: Of tensors to one tensor; called once more for gradients.
        *inputs: Structures of tensors, and of what is none.
        **named: The same.
    """
    if not _is_asked():
        return function(*inputs, **named)
    import tensorflow as tf  # which other backends do without

    given = inputs, named
    leaves = tf.nest.flatten(given)
    places = [n for n, leaf in enumerate(leaves) if tf.is_tensor(leaf)]
    if not places:
        return function(*inputs, **named)

    def of_tensors(*tensors):
        filled = list(leaves)
        for place, tensor in zip(places, tensors, strict=True):
            filled[place] = tensor
        inputs, named = tf.nest.pack_sequence_as(given, filled)
        return function(*inputs, **named)

    @tf.custom_gradient
    def run(*tensors):
        def gradients(dy, variables=()):
            # What is computed again must wait for dy, and not be taken for
            # what was computed before.
            with tf.control_dependencies([dy]):
                again = [tf.identity(each) for each in tensors]
            with tf.GradientTape() as tape:
                tape.watch(again)
                y = of_tensors(*again)
            found = tape.gradient(y, [*again, *variables], dy)
            found = [
                tf.zeros_like(source) if each is None else each
                for each, source in zip(
                    found, [*again, *variables], strict=True
                )
            ]
            return found[: len(again)], found[len(again) :]

        return of_tensors(*tensors), gradients

    return run(*[leaves[place] for place in places])
