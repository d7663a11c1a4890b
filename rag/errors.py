"""Errors of the answering module.

RecollectError
└── AnswerError
    ├── GeneratorUnavailable     the language model does not answer; raised before its first piece of text
    ├── GeneratorInterrupted     the language model stopped in the middle of its text
    ├── DialogueUnavailable      what was said before cannot be read or kept
    └── BadQuestions             a file of questions with known answers cannot be read as one
"""

from crawler.errors import RecollectError


class AnswerError(RecollectError):
    """Something went wrong while answering."""


class GeneratorUnavailable(AnswerError):
    """The language model does not answer; raised before its first piece of text."""


class GeneratorInterrupted(AnswerError):
    """The language model stopped in the middle of its text; what came before it stands."""


class DialogueUnavailable(AnswerError):
    """What was said before in a conversation cannot be read or kept."""


class BadQuestions(AnswerError):
    """A file of questions with known answers cannot be read as one."""
