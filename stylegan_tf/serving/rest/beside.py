"""What takes long is computed beside the loop, which answers others."""

import asyncio
from concurrent import futures

_SMALL = 2**18  # bytes, of which a millisecond or two is made
_THREADS = futures.ThreadPoolExecutor(2, "body")  # what waits takes no memory


async def call(size, function, *args):
    """What a function returns, called in a thread if it is given much.

    Args:
        size: Bytes of what it is given, about.
        function: That no other thread disturbs.
        *args: Its arguments.
    """
    if size <= _SMALL:
        return function(*args)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, function, *args)
