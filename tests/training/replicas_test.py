"""Several replicas and processes against one."""

import itertools
import json
import os
import pathlib
import socket
import subprocess
import sys
import types

import numpy as np
import pytest
import tensorflow as tf

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training import draws, state, step
from tests.helpers import batches, support

_BATCH = 8


def _config(**training):
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = _BATCH
    for name, value in training.items():
        setattr(config.training, name, value)
    return config_lib.resolve(config)


class _GlobalDraws:
    """The same global draw, dealt out to the replicas.

    Minibatch stddev groups are strided, so that replica r of R takes every
    R-th example from r on.
    """

    def __init__(self, config):
        self._config = config

    def _deal(self, array, count):
        context = tf.distribute.get_replica_context()
        replicas = context.num_replicas_in_sync
        if replicas == 1:
            return tf.constant(array[:count])
        parts = np.stack([array[r::replicas][:count] for r in range(replicas)])
        return tf.constant(parts)[context.replica_id_in_sync_group]

    def generator_inputs(self, config, labels, purpose, position):
        random = np.random.RandomState(int(purpose))
        count = labels.shape[0]

        def normal(*shape):
            array = random.randn(_BATCH, *shape).astype(np.float32)
            return self._deal(array, count)

        return draws.Draws(
            z=normal(config.generator.z_size),
            labels=None,
            z_mix=normal(config.generator.z_size),
            crossover=tf.constant(2),
            noise=[normal(*shape, 1) for shape in config.noise_shapes],
        )

    def image_noise(self, config, count, purpose, position):
        random = np.random.RandomState(100 + int(purpose))
        array = random.randn(_BATCH, *config.image_shape)
        return self._deal(array.astype(np.float32), count)


def _train(strategy, images, *, jit_compile=False, iterations=2, **training):
    """Weights and running means after some regularised iterations."""
    config = _config(**training)
    with strategy.scope():
        train_state = state.create(config)
    traced = step.traced(
        train_state,
        strategy,
        draw=_GlobalDraws(config),
        jit_compile=jit_compile,
    )
    replicas = strategy.num_replicas_in_sync

    def split(array):
        values = [array[r::replicas] for r in range(replicas)]
        if replicas == 1:
            return tf.constant(array)
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(
                values[context.replica_id_in_sync_group]
            )
        )

    labels = split(np.zeros((_BATCH, 0), np.float32))
    for iteration in range(iterations):
        position = tf.constant(iteration * _BATCH, tf.int64)
        batch = batches.of(split(images), labels)
        for update in itertools.chain(*step.of_iteration(config, 0)):
            traced[update](batch, position)
        traced[step.update_average](tf.constant(0.5))
    return train_state


class ReplicasTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        random = np.random.RandomState(0)
        self.images = random.randint(0, 256, (_BATCH, 8, 8, 3))
        self.images = self.images.astype(np.uint8)
        self.mirrored = support.two_replicas()

    def assert_equal_states(self, one, other):
        self.assertAllClose(one.pl_mean, other.pl_mean, rtol=1e-5)
        for name in ("generator", "discriminator", "ema_generator"):
            pairs = zip(
                getattr(one, name).weights,
                getattr(other, name).weights,
                strict=True,
            )
            for a, b in pairs:
                self.assertAllClose(
                    a, b, rtol=1e-5, atol=1e-5, msg=f"{name} {a.path}"
                )

    @pytest.mark.slow
    def test_half_the_batch_on_each_of_two_gives_the_same_update(self):
        one = _train(tf.distribute.get_strategy(), self.images)
        two = _train(self.mirrored, self.images)
        self.assert_equal_states(one, two)
        for variable in (two.pl_mean, two.generator.mapping.w_avg.value):
            first, second = self.mirrored.experimental_local_results(variable)
            self.assertAllEqual(first, second)
            self.assertNotAllClose(first, tf.zeros_like(first))

    @pytest.mark.slow
    def test_compiled_gradients_on_two_replicas_give_the_same_update(self):
        plain = _train(self.mirrored, self.images)
        compiled = _train(self.mirrored, self.images, jit_compile=True)
        self.assert_equal_states(plain, compiled)

    @pytest.mark.slow
    def test_replicas_draw_different_latents_and_noise(self):
        config = _config()

        def draw():
            return draws.generator_inputs(
                config,
                tf.zeros((4, 0)),
                draws.Purpose.GENERATOR,
                tf.constant(0, tf.int64),
            )

        drawn = self.mirrored.run(tf.function(draw))
        for value in (drawn.z, drawn.z_mix, *drawn.noise):
            first, second = self.mirrored.experimental_local_results(value)
            self.assertNotAllClose(first, second)

    @pytest.mark.slow
    def test_draws_depend_on_purpose_position_and_seed_only(self):
        def draw(purpose, position, seed):
            config = _config(seed=seed)
            labels = tf.zeros((4, 0))
            position = tf.constant(position, tf.int64)
            return draws.generator_inputs(config, labels, purpose, position).z

        purposes = draws.Purpose
        reference = draw(purposes.GENERATOR, 8, 0)
        self.assertAllEqual(reference, draw(purposes.GENERATOR, 8, 0))
        compiled = tf.function(draw, jit_compile=True)
        self.assertAllClose(reference, compiled(purposes.GENERATOR, 8, 0))
        for other in (
            (purposes.DISCRIMINATOR, 8, 0),
            (purposes.GENERATOR, 16, 0),
            (purposes.GENERATOR, 8, 1),
        ):
            self.assertNotAllClose(reference, draw(*other))


@pytest.mark.slow
class MultiWorkerTest(tf.test.TestCase):
    def test_two_processes_train_in_step(self):
        ports = [_free_port(), _free_port()]
        workers = [f"127.0.0.1:{port}" for port in ports]
        workdir = self.create_tempdir().full_path
        processes = []
        for index in range(2):
            task = {"type": "worker", "index": index}
            cluster = {"cluster": {"worker": workers}, "task": task}
            root = str(pathlib.Path(__file__).parents[2])
            environment = {**os.environ, "TF_CONFIG": json.dumps(cluster)}
            environment["PYTHONPATH"] = root
            command = [sys.executable, __file__, workdir]
            processes.append(
                subprocess.Popen(
                    command,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
        outputs = [process.communicate(timeout=400) for process in processes]
        for process, (_, errors) in zip(processes, outputs, strict=True):
            self.assertEqual(process.returncode, 0, errors[-3000:])
        sums = [output.split()[-2:] for output, _ in outputs]
        self.assertEqual(sums[0], sums[1])
        self.assertEqual(sums[0][0], "32")


def _free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def _worker(workdir):
    """One process of the cluster that TF_CONFIG describes."""
    from stylegan_tf.training import devices, iterations, loop

    strategy = devices.strategy("multi_worker")
    index = strategy.cluster_resolver.task_id
    # One has a fast clock, by which it would make fewer iterations a call.
    ticks = (10.0 * index * count for count in itertools.count())
    clock = types.SimpleNamespace(perf_counter=lambda: next(ticks))
    iterations.time = clock
    config = tiny.get_config()
    config.training.total_kimg = 0.032
    train_state = loop.train(config, workdir, strategy=strategy)
    total = sum(
        float(np.abs(weight.numpy()).sum())
        for weight in train_state.generator.weights
    )
    print(train_state.images_seen, total)


if __name__ == "__main__":
    _worker(sys.argv[1])
