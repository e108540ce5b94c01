"""Database work of the rooms: threads of their own, so that a slow page elsewhere does not hold a class up."""
import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

WORKERS = 2
pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="live")


async def in_thread(function, *arguments, **named):
    """The function's result; it may ask the database."""

    def run():
        close_old_connections()
        try:
            return function(*arguments, **named)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(pool, run)
