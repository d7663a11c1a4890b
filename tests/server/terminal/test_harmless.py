"""What pages write reaches a terminal and a log as text, and as nothing else."""

import io
import logging

import pytest
from rich.text import Text

from server.terminal.console import Harmless
from server.terminal.harmless import OneLine, harmless

HOSTILE = (
    "\x1b]0;a name for the window\x07",
    "\x1b[2Jan empty screen",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x9b31mred",
    "over\rwritten",
    "back\x08\x08",
    "\u202egnp.exe",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_obeys_nothing_that_a_page_says(text: str, is_terminal: bool) -> None:
    written = io.StringIO()
    console = Harmless(file=written, force_terminal=is_terminal, color_system=None, width=80)
    console.print(Text(f"before {text} after"))
    console.print(f"before {text} after", markup=False)
    assert not set(written.getvalue()) & set("\x1b\x07\x9b\r\x08\u202e")
    assert written.getvalue().count("before") == written.getvalue().count("after") == 2


def test_styles_and_other_scripts_stay(capsys: pytest.CaptureFixture[str]) -> None:
    written = io.StringIO()
    Harmless(file=written, force_terminal=True, color_system="standard").print(Text("مرحبا\tder Ähre", style="bold"))
    assert written.getvalue().startswith("\x1b[1m") and "مرحبا" in written.getvalue()
    assert harmless("a\tb\nc") == "a\tb\nc"


def test_a_message_stays_on_its_line() -> None:
    record = logging.LogRecord("n", logging.ERROR, "", 1, "GET /%s: no", ("x\nERROR server: forged\x1b[2K",), None)
    line = OneLine("%(levelname)s %(message)s").format(record)
    assert line == "ERROR GET /x\\nERROR server: forged\ufffd[2K: no"
