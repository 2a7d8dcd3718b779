"""Converts the images of a source in several processes, in order."""

import collections
import concurrent.futures.process
import dataclasses
import multiprocessing
import os
import signal
import sys
import threading
import warnings

import numpy as np

from stylegan_tf.data import convert, decode

_CHUNK_IMAGES = 32
_CHUNK_BYTES = 4 << 20


def results(source, target, processes):
    """`convert.Result`s in the order of the source, a bounded number ahead."""
    chunks = ((chunk, target) for chunk in chunks_of(source))
    if processes <= 1:
        for chunk in chunks:
            yield from _convert_chunk(*chunk)
        return
    # Forked workers start at once and need no TensorFlow of their own.
    kind = "fork" if sys.platform == "linux" else "spawn"
    pool = concurrent.futures.ProcessPoolExecutor(
        processes, multiprocessing.get_context(kind), initializer=_be_worker
    )
    waiting = collections.deque()
    try:
        for chunk in chunks:
            waiting.append(pool.submit(_convert_chunk, *chunk))
            if len(waiting) > 2 * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except concurrent.futures.process.BrokenProcessPool as error:
        raise OSError(
            "A worker process was killed, most likely for want of memory. "
            "Try again with fewer --processes."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def chunks_of(source, indices=None):
    """Lists of (index, data or the reason it cannot be read).

    Args:
        source: A `source.Source`.
        indices: Of the images to read, ascending; None for all.
    """
    chunk, size = [], 0
    for index in range(len(source)) if indices is None else map(int, indices):
        try:
            data = source.read(index)
            size += data.nbytes if isinstance(data, np.ndarray) else len(data)
        except decode.BadImage as error:
            data = str(error)
        chunk.append((index, data))
        if len(chunk) == _CHUNK_IMAGES or size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    yield chunk


def _convert_chunk(chunk, target):
    return [
        dataclasses.replace(_convert(data, target), index=index)
        for index, data in chunk
    ]


def _convert(data, target):
    if isinstance(data, str):
        return convert.Result(reason=data)
    try:
        return convert.convert(data, target)
    except decode.BadImage as error:
        return convert.Result(reason=str(error))
    except Exception as error:  # one odd file must not end hours of work
        return convert.Result(reason=f"cannot be converted ({error!r})")


def _be_worker():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")  # Pillow's, on odd but readable files
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)  # the parent was killed: nobody reads our results
