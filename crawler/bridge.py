"""From an asynchronous flow to a plain iterator: the flow runs in a thread of its own, never far ahead."""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Note = TypeVar("Note")
Put = Callable[[Item], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


@dataclass(frozen=True, slots=True)
class _Passed(Generic[Note]):
    note: Note


class Bridge(Generic[Item, Note]):
    """Runs ``main(put)`` in an event loop of its own and yields what it puts, in order.

    ``put`` waits while ``capacity`` items are unread, so that a slow consumer slows the flow instead of filling memory.
    What the flow tells reaches ``on_note`` in the consumer's thread, in order with the items.
    An error of the flow is raised to the consumer after the items before it. When the consumer stops early, the flow
    is cancelled and has ended before the iterator's ``close`` returns.
    """

    def __init__(self, capacity: int, on_note: Callable[[Note], None] | None = None) -> None:
        self._capacity = capacity
        self._on_note = on_note
        self._items: queue.SimpleQueue[Item | _Passed[Note] | _End] = queue.SimpleQueue()

    def tell(self, note: Note) -> None:
        """Pass a note on without waiting."""
        if self._on_note is not None:
            self._items.put(_Passed(note))

    def run(self, main: Callable[[Put[Item]], Awaitable[None]]) -> Iterator[Item]:
        """Start the flow and yield its items; the thread has ended when the iterator has."""
        loop = asyncio.new_event_loop()
        space = asyncio.Semaphore(self._capacity)

        async def put(item: Item) -> None:
            await space.acquire()
            self._items.put(item)

        async def flow() -> None:
            await main(put)

        task = loop.create_task(flow())
        thread = threading.Thread(target=self._run_loop, args=(loop, task), name="crawl", daemon=True)
        thread.start()
        try:
            while True:
                item = self._items.get()
                if isinstance(item, _End):
                    if item.error is not None:
                        raise item.error
                    return
                if isinstance(item, _Passed):
                    if self._on_note is not None:
                        self._on_note(item.note)
                    continue
                loop.call_soon_threadsafe(space.release)
                yield item
        finally:
            if thread.is_alive():
                loop.call_soon_threadsafe(task.cancel)
            thread.join()
            loop.close()

    def _run_loop(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
        error: BaseException | None = None
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            error = None
        except BaseException as caught:  # noqa: BLE001 - handed to the consumer, who raises it
            error = caught
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            self._items.put(_End(error))
