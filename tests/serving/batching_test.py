"""The queue: who is computed with whom, in which turn, and who is not."""

import asyncio
import threading
import time

import numpy as np
import tensorflow as tf

from stylegan_tf.serving import batching, errors


class _Network:
    """Adds psi to z; keeps what it was given, waits where it is told to."""

    def __init__(self):
        self.batches, self.may_go_on = [], threading.Event()
        self.may_go_on.set()
        self.is_running = threading.Event()
        self.seconds = 0.0

    def run(self, signature, arrays):
        self.batches.append((signature, arrays["z"].tolist()))
        self.is_running.set()
        self.may_go_on.wait(10)
        time.sleep(self.seconds)
        if -1 in arrays["z"]:
            raise errors.Invalid("no -1, please")
        if -2 in arrays["z"]:
            raise MemoryError("no memory")
        return {"sum": arrays["z"] + arrays["psi"]}

    def sizes(self):
        return [len(z) for _, z in self.batches]


def _arrays(*z, psi=(0,), noise=0):
    return {"z": np.array(z), "psi": np.array(psi), "noise": np.zeros(noise)}


class BatcherTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.network = _Network()
        self.batcher = batching.Batcher(
            self.network.run, sizes=[1, 2, 4, 8], max_queue=32, alone=("sums",)
        )
        self.addCleanup(self.batcher.close)
        self.addCleanup(self.network.may_go_on.set)

    def submit(self, *z, signature="generate", **others):
        return self.batcher.submit(signature, _arrays(*z, **others))

    async def busy(self):
        """The answer that the thread computes until `may_go_on`."""
        self.network.is_running.clear()
        self.network.may_go_on.clear()
        answer = self.submit(100)
        await asyncio.to_thread(self.network.is_running.wait, 10)
        return answer

    async def answers(self, *futures):
        self.network.may_go_on.set()
        made = await asyncio.gather(*futures, return_exceptions=True)
        return [
            each if isinstance(each, Exception) else each["sum"].tolist()
            for each in made
        ]

    def test_a_lone_request_does_not_wait_for_company(self):
        async def run():
            self.assertEqual(await self.answers(self.submit(1, 2)), [[1, 2]])
            self.assertEqual(await self.answers(self.submit(3)), [[3]])

        asyncio.run(run())
        self.assertEqual(self.network.sizes(), [2, 1])

    def test_as_many_as_were_answered_are_awaited_for_a_moment(self):
        self.network.seconds = 0.2

        async def run():
            await self.answers(*(self.submit(each) for each in range(4)))
            first = self.submit(5)
            await asyncio.sleep(0.02)  # the others ask a little later
            await self.answers(first, *map(self.submit, (6, 7, 8)))
            await self.answers(self.submit(9))

        asyncio.run(run())
        self.assertEqual(self.network.sizes()[-2:], [4, 1])

    def test_a_batch_is_not_padded_by_much(self):
        async def run():
            futures = [await self.busy()]
            futures += [self.submit(each) for each in range(5)]
            await self.answers(*futures)

        asyncio.run(run())
        self.assertEqual(self.network.sizes(), [1, 4, 1])

    def test_what_waits_is_computed_together(self):
        async def run():
            futures = [await self.busy()]
            futures += [self.submit(each) for each in range(3)]
            futures.append(self.submit(7, 8, psi=[10]))  # for all its rows
            futures.append(self.submit(5, 6, psi=[1, 2]))
            made = await self.answers(*futures)
            self.assertEqual(made, [[100], [0], [1], [2], [17, 18], [6, 8]])

        asyncio.run(run())
        self.assertEqual(self.network.sizes(), [1, 7])

    def test_a_size_is_begun_when_three_quarters_of_it_are_there(self):
        async def run():
            futures = [await self.busy()]
            futures += [self.submit(each) for each in range(13)]
            made = await self.answers(*futures)
            self.assertEqual(made, [[100], *([each] for each in range(13))])
            futures = [await self.busy(), self.submit(*[0] * 5)]
            await self.answers(*futures)  # one request is not divided

        asyncio.run(run())
        self.assertEqual(self.network.sizes(), [1, 8, 4, 1, 1, 5])

    def test_other_signatures_and_given_noise_are_batches_of_their_own(self):
        async def run():
            futures = [await self.busy(), self.submit(1)]
            futures.append(self.submit(2, signature="map"))
            futures.append(self.submit(3, noise=1))
            futures.append(self.submit(4))
            futures += [self.submit(each, signature="sums") for each in (5, 6)]
            made = await self.answers(*futures)
            self.assertEqual(made, [[100], [1], [2], [3], [4], [5], [6]])

        asyncio.run(run())
        expected = [[100], [1, 4], [2], [3], [5], [6]]
        self.assertEqual([z for _, z in self.network.batches], expected)

    def test_a_full_queue_says_when_to_come_back(self):
        async def run():
            futures = [await self.busy()]
            futures += [self.submit(*range(8)) for _ in range(4)]
            with self.assertRaisesRegex(errors.Busy, "32 rows wait") as caught:
                self.submit(1)
            self.assertEqual(caught.exception.headers, {"Retry-After": "4"})
            futures[4].cancel()  # leaves room
            futures[4] = self.submit(1)
            made = await self.answers(*futures)
            self.assertEqual(made[4], [1])

        asyncio.run(run())

    def test_the_time_to_come_back_is_by_the_measured_rate(self):
        self.batcher._measure(2.0)

        async def run():
            futures = [await self.busy()]
            futures += [self.submit(*range(8)) for _ in range(4)]
            with self.assertRaises(errors.Busy) as caught:
                self.submit(1)
            self.assertEqual(caught.exception.headers, {"Retry-After": "16"})
            await self.answers(*futures)

        asyncio.run(run())

    def test_who_has_gone_away_is_not_computed(self):
        async def run():
            first, gone = await self.busy(), self.submit(1)
            gone.cancel()
            await self.answers(first, self.submit(2))

        asyncio.run(run())
        self.assertEqual(self.network.batches[1:], [("generate", [2])])

    def test_the_mistake_of_one_is_not_that_of_the_others(self):
        async def run():
            futures = [await self.busy(), self.submit(1), self.submit(-1)]
            first, second, third = await self.answers(*futures)
            self.assertEqual([first, second], [[100], [1]])
            self.assertIsInstance(third, errors.Invalid)
            (broken,) = await self.answers(self.submit(-2))
            self.assertIsInstance(broken, MemoryError)
            self.assertEqual(await self.answers(self.submit(5)), [[5]])

        asyncio.run(run())

    def test_large_requests_do_not_hold_up_small_ones(self):
        async def run():
            futures = [await self.busy()]
            futures += [self.submit(*[0] * 8) for _ in range(3)]
            futures.append(self.submit(1))
            await self.answers(*futures)

        asyncio.run(run())
        self.assertEqual(self.network.sizes(), [1, 1, 8, 8, 8])

    def test_small_requests_do_not_starve_a_large_one(self):
        async def small():
            for _ in range(40):
                await self.submit(1)

        async def run():
            large = self.submit(*[0] * 8)
            others = asyncio.gather(*(small() for _ in range(8)))
            await large
            await others

        self.network.may_go_on.clear()
        threading.Timer(0.2, self.network.may_go_on.set).start()
        asyncio.run(run())
        self.assertLess(self.network.sizes().index(8), 20)

    def test_closing_answers_what_was_accepted(self):
        async def run():
            futures = [await self.busy(), self.submit(1)]
            closing = asyncio.create_task(asyncio.to_thread(self.batcher.close))
            await asyncio.sleep(0.05)
            with self.assertRaises(batching.Closed):
                self.submit(2)
            self.assertFalse(closing.done())
            self.network.may_go_on.set()
            await closing
            self.assertTrue(all(each.done() for each in futures))

        asyncio.run(run())

    def test_a_loop_that_has_ended_is_no_trouble(self):
        async def leave():
            return await self.busy()

        asyncio.run(leave())
        self.network.may_go_on.set()

        async def run():
            self.assertEqual(await self.answers(self.submit(1)), [[1]])

        asyncio.run(run())


if __name__ == "__main__":
    tf.test.main()
