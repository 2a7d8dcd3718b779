"""What is long is read in a thread; what is short is not."""

import asyncio
import threading

import tensorflow as tf

from stylegan_tf.serving import errors
from stylegan_tf.serving.rest import beside


class CallTest(tf.test.TestCase):
    def test_much_is_read_in_a_thread_and_little_at_once(self):
        here = threading.current_thread()
        found = asyncio.run(beside.call(2**18, threading.current_thread))
        self.assertIs(found, here)
        found = asyncio.run(beside.call(2**18 + 1, threading.current_thread))
        self.assertIsNot(found, here)

    def test_the_loop_answers_meanwhile_and_two_are_read_at_a_time(self):
        free, most, lock = threading.Event(), [0, 0], threading.Lock()

        def read(value):
            with lock:
                most[0] += 1
                most[1] = max(most)
            free.wait(10)
            with lock:
                most[0] -= 1
            return value

        async def ask():
            asked = [
                asyncio.create_task(beside.call(10**6, read, each))
                for each in range(5)
            ]
            await asyncio.sleep(0.05)
            free.set()  # only a loop that runs gets here
            return await asyncio.gather(*asked)

        self.assertEqual(asyncio.run(ask()), [0, 1, 2, 3, 4])
        self.assertEqual(most, [0, 2])

    def test_a_refusal_comes_back(self):
        def refuse():
            raise errors.Invalid("no")

        for size in (1, 10**6):
            with self.assertRaisesRegex(errors.Invalid, "no"):
                asyncio.run(beside.call(size, refuse))


if __name__ == "__main__":
    tf.test.main()
