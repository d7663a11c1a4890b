"""Text that speaks to machines, and text as people see it."""

import pytest

from rag.checks.injection import asks_about_machines, speaks_to_a_machine
from rag.checks.visible import as_read, visible
from tests.hostile.attacks import ATTACKS, TRUTH, Attack


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_orders_to_machines_are_told_in_every_dress(attack: Attack) -> None:
    assert speaks_to_a_machine(attack.text)


@pytest.mark.parametrize(
    "text",
    [
        TRUTH,
        "Ignore the warning if the disk is new.",
        "The system prompts for a password. Answer yes.",
        "Follow the instructions on the previous page.",
        "The option --ignore-previous skips rows.",
        "Users may send a message to https://docs.test/support.",
        "The assistant manager signs the form.",
        "Download the file <USER>.conf, where <USER> is your name, and run kettle --config /home/<USER>.conf.",
        "[shared_kettle]\nuser: ^(anna|ben)$\npermissions: rw",
        "User: NAME. The name that you chose.",
        "The backup of a kettle will include its settings, secrets and other data.",
        "این متن می\u200cخواهد 👩\u200d💻",
        "Пароль задаёт пользователь.",
    ],
)
def test_text_for_people_is_let_be(text: str) -> None:
    assert not speaks_to_a_machine(text)


def test_only_the_invisible_goes() -> None:
    assert visible("a\u200bb\u202ec\U000e0041\ufeff d\te\n") == "abc d\te\n"
    assert visible("می\u200cخواهد 👩\u200d💻 naïve") == "می\u200cخواهد 👩\u200d💻 naïve"


def test_disguised_letters_are_read_as_what_they_look_like() -> None:
    assert as_read("раsswоrd") == "password"
    assert as_read("пароль") == "пароль"


def test_questions_about_prompts_may_be_answered_with_prompts() -> None:
    assert asks_about_machines("What does a prompt injection look like?")
    assert not asks_about_machines("What is the password?")
