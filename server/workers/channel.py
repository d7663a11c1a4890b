"""A worker's end of what connects it with its supervisor."""

import itertools
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from server.sharing.message import Message, Word

ANSWER_S = 300.0
"""A reload waits for models to load."""

Heard = Callable[[Any], None]
"""What a worker does when it is told something; given the message's content."""


class Channel:
    """Tells and asks the supervisor, and hears it in a thread; where it is gone, ``on_end`` is called."""

    def __init__(self, connection: Connection, heard: Mapping[Word, Heard], on_end: Callable[[], None]) -> None:
        self._connection, self._heard, self._on_end = connection, heard, on_end
        self._sending = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, threading.Event] = {}
        self._answers: dict[int, Any] = {}
        threading.Thread(target=self._listen, name="channel", daemon=True).start()

    def tell(self, word: Word, content: Any = None) -> None:
        """Say something that needs no answer."""
        self._send(Message(word, content=content))

    def ask(self, word: Word, content: Any = None) -> tuple[str, str] | None:
        """Have something done, and wait until it is; returns why it was not: what is wrong, and how to mend it."""
        message = Message(word, next(self._numbers), content)
        is_answered = self._waiting[message.number] = threading.Event()
        self._send(message)
        if not is_answered.wait(ANSWER_S):
            return "The supervisor of this server does not answer", "See its log"
        answer: tuple[str, str] | None = self._answers.pop(message.number)
        return answer

    def _send(self, message: Message) -> None:
        with self._sending:
            self._connection.send(message)

    def _listen(self) -> None:
        try:
            while True:
                self._hear(self._connection.recv())
        except (EOFError, OSError):
            self._on_end()

    def _hear(self, message: Message) -> None:
        if message.word is Word.DONE:
            self._answers[message.number] = message.content
            if (event := self._waiting.pop(message.number, None)) is not None:
                event.set()
            return
        self._heard[message.word](message.content)
        if message.number:
            self._send(Message(Word.DONE, message.number))
