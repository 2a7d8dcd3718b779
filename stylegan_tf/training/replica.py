"""One replica: its functions of losses and gradients, and what it keeps.

XLA may compile losses and gradients, while drawing, reducing over replicas and
applying (`step`) stay where tf.distribute can see them.
"""

import functools

import tensorflow as tf

from stylegan_tf.ops import fast, rematerialize, xla
from stylegan_tf.training import accumulation, augmenting, gradients, judging
from stylegan_tf.training import draws as draws_lib


class Replica:
    """What the updates work with on one replica, at one resolution.

    Its functions of `gradients` are bound to the state and the config. What
    is drawn, is drawn for every slice: mixing has one crossover for as many
    images as a replica takes at once.
    """

    def __init__(self, state, config, replicas, *, jit_compile, draw):
        is_fast = not tf.config.list_physical_devices("GPU")

        def compiled(function, *bound):
            def traced(*args):
                again = rematerialize.asked(config.training.rematerialize)
                with fast.asked(is_fast), xla.asked(jit_compile), again:
                    return function(*bound, *args)

            return tf.function(traced, jit_compile=jit_compile, autograph=False)

        self.state, self.config, self.draw = state, config, draw
        rounds = accumulation.rounds(config, replicas)
        self.accumulate = functools.partial(
            accumulation.accumulate, rounds=rounds
        )
        self.make_fakes = compiled(gradients.make_fakes, state)
        self.generator_loss = compiled(gradients.generator_loss, state, config)
        self.discriminator_loss = compiled(
            gradients.discriminator_loss, state, config
        )
        self.discriminator_penalty = compiled(
            gradients.discriminator_penalty, state, config
        )
        self.held_out_scores = compiled(judging.held_out_scores, state, config)
        self.path_length_penalty = functools.partial(
            gradients.path_length_penalty,
            state,
            config,
            compiled(gradients.path_lengths, state),
            slices=rounds * replicas,
        )

    def track_w(self, w_mean):
        """Moves `w_avg`; its aggregation makes it the replicas' mean."""
        mapping = self.state.generator.mapping
        decay = self.config.generator.w_avg_decay
        if mapping.track_mean:
            w_avg = mapping.w_avg
            w_avg.assign(w_mean + (w_avg - w_mean) * decay)

    def draw_augmentation(self, count, position, **purposes):
        """A `draws.Augmentation` of batches of `count`, by their `Purpose`."""
        if self.config.augment.mode == "off":
            return draws_lib.PLAIN
        return draws_lib.Augmentation(
            **{
                batch: self.draw.augmentation(
                    self.config, count, purpose, position
                )
                for batch, purpose in purposes.items()
            }
        )

    def observe(self, observed, report):
        """Keeps scores that p moves by; see `augmenting`."""
        if augmenting.is_adaptive(self.config):
            vector, batch = self.state.augment, self.config.training.batch_size
            vector.assign(observed(tf.convert_to_tensor(vector), report, batch))
