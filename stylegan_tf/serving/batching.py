"""Requests that wait at the same time are computed at the same time.

A worker takes what has come while the last batch was computed, and waits a
moment for those it has just answered: they ask again. One client by itself
never waits. Who goes first is as if all that wait got a row each in turn
(weighted fair queueing): a large request does not hold up small ones, nor do
they starve it.
"""

import asyncio
import bisect
import math
import threading
import time

import numpy as np

from stylegan_tf.serving import checking, errors

_PATIENCE = 0.5  # of the last batch's seconds
_SMOOTHING = 0.9  # of the measured rate
_WORTH_PADDING = 0.75  # of a size's rows


class Closed(Exception):
    """No more is taken here."""


class Batcher:
    """A queue, and the thread that works it off.

    One thread: a second one halves the batches, which costs more than what
    it computes while the first one copies.

    Args:
        run: From the name of a signature and arrays to a dict of arrays.
        sizes: What `run` pads batches to, ascending.
        max_queue: Rows that may wait.
        alone: Signatures of requests that are not computed together.
    """

    def __init__(
        self, run, *, sizes: list[int], max_queue: int, alone: tuple = ()
    ):
        self._run, self._sizes, self._max_queue = run, sizes, max_queue
        self._alone = alone
        self._waiting, self._rows = [], 0  # in the order of their turns
        self._turn = 0.0  # rows that each who waits would have got by now
        self._rows_per_second = None  # not measured yet
        self._is_closed = False
        self._last_count, self._patient_until = 0, 0.0
        self._changed = threading.Condition()
        self._worker = threading.Thread(
            target=self._work, name="batcher", daemon=True
        )
        self._worker.start()

    def submit(self, signature, arrays):
        """An `asyncio.Future` of the outputs; cancelled, it is not computed.

        Args:
            signature: A name.
            arrays: Of `Servable.check`.

        Raises:
            errors.Busy: If too many rows wait.
            Closed: After `close`.
        """
        rows = checking.rows(arrays)
        future = asyncio.get_running_loop().create_future()
        with self._changed:
            if self._is_closed:
                raise Closed()
            self._refuse_when_full(rows)
            turn = self._turn + rows
            request = _Request(turn, rows, signature, arrays, future)
            if signature in self._alone:
                request.kind = request
            bisect.insort(self._waiting, request, key=lambda each: each.turn)
            self._rows += rows
            self._changed.notify()
        return future

    def close(self):
        """Takes no more and returns when all that waited is answered."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._worker.join()

    def _refuse_when_full(self, rows):
        if self._rows + rows > self._max_queue:
            self._forget_cancelled()
        if self._rows + rows > self._max_queue:
            rate = self._rows_per_second or self._sizes[-1]
            raise errors.Busy(
                f"{self._rows} rows wait, of {self._max_queue} that may: come "
                "back later",
                max(1, math.ceil(self._rows / rate)),
            )

    def _forget_cancelled(self):
        self._waiting = [
            each for each in self._waiting if not each.future.cancelled()
        ]
        self._rows = sum(each.rows for each in self._waiting)

    def _work(self):
        while batch := self._take():
            start = time.perf_counter()
            answers = _answers(self._run, batch)
            seconds = time.perf_counter() - start
            self._patient_until = time.perf_counter() + _PATIENCE * seconds
            self._measure(sum(each.rows for each in batch) / seconds)
            _deliver(batch, answers)
            del batch, answers  # not to be held while there is nothing to do

    def _take(self):
        """The next batch; an empty one after `close` when none wait."""
        with self._changed:
            self._forget_cancelled()
            while not self._waiting:
                if self._is_closed:
                    return []
                self._changed.wait()
                self._forget_cancelled()
            self._wait_for_those_answered()
            if not self._waiting:
                return self._take()
            count = len(self._waiting)
            batch, others = _split(self._waiting, self._sizes)
            rows = sum(each.rows for each in batch)
            self._last_count = len(batch)
            self._waiting, self._rows = others, self._rows - rows
            self._turn += rows / count
            return batch

    def _wait_for_those_answered(self):
        """Those just answered ask again, if they are given a moment."""
        while len(self._waiting) < self._last_count:
            seconds = self._patient_until - time.perf_counter()
            if seconds <= 0:
                break
            self._changed.wait(seconds)
        self._forget_cancelled()

    def _measure(self, rate):
        before = self._rows_per_second or rate
        self._rows_per_second = _SMOOTHING * before + (1 - _SMOOTHING) * rate


class _Request:
    """What waits; `turn` is when it is done if each gets a row in turn."""

    def __init__(self, turn, rows, signature, arrays, future):
        self.turn, self.rows, self.signature = turn, rows, signature
        self.arrays, self.future = arrays, future
        empty = [name for name, array in arrays.items() if not len(array)]
        self.kind = signature, *empty  # of those computed together


def _split(waiting, sizes):
    """The first and who goes with it, and those that wait on.

    A size that would be padded by more than a quarter is not begun: the rows
    over the size below it are done sooner in the batch after.
    """
    batch, others = _taken(waiting, sizes[-1])
    rows = sum(each.rows for each in batch)
    size = next(each for each in sizes if each >= rows)
    below = max((each for each in sizes if each < rows), default=0)
    if rows < _WORTH_PADDING * size and batch[0].rows <= below:
        return _taken(waiting, below)
    return batch, others


def _taken(waiting, room):
    batch, others = [], []
    for each in waiting:
        if each.kind == waiting[0].kind and each.rows <= room:
            batch.append(each)
            room -= each.rows
        else:
            others.append(each)
    return batch, others


def _answers(run, batch):
    """A dict or an exception for each; one's mistake is not the others'."""
    signature = batch[0].signature
    try:
        made = run(signature, _merged(batch))
    except errors.Refused as error:
        if len(batch) == 1:
            return [error]
        return [_answers(run, [each])[0] for each in batch]
    except Exception as error:
        return [error] * len(batch)
    ends = np.cumsum([each.rows for each in batch])
    return [
        {name: array[end - each.rows : end] for name, array in made.items()}
        for each, end in zip(batch, ends, strict=True)
    ]


def _merged(batch):
    """Arrays of all rows of a batch."""
    if len(batch) == 1:
        return batch[0].arrays
    return {
        name: np.concatenate([_of_rows(each, name) for each in batch])
        for name in batch[0].arrays
    }


def _of_rows(request, name):
    array = request.arrays[name]
    if len(array) in (0, request.rows):
        return array
    return np.repeat(array, request.rows, axis=0)


def _deliver(batch, answers):
    """Sets the futures in the threads of their loops, a call a loop."""
    by_loop = {}
    for request, answer in zip(batch, answers, strict=True):
        future = request.future
        by_loop.setdefault(future.get_loop(), []).append((future, answer))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_set, pairs)
        except RuntimeError:  # the loop is closed, and who waited is gone
            pass


def _set(pairs):
    for future, answer in pairs:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
