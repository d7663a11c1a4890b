"""An answer in a terminal."""

from io import StringIO

from rich.console import Console

from server.terminal.answered import print_answer
from tests.support.answers import section_answer


def test_parts_of_one_section_stand_under_one_heading_and_one_source() -> None:
    out = StringIO()
    print_answer(Console(file=out, width=100), section_answer())
    lines = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    assert lines == [
        "How do I hold it? [1]",
        "Hold it with",
        "kettle hold",
        "and let go.",
        "Noise [2]",
        "Kettles whistle.",
        "[1] Kettles",
        "https://a.example/kettles#:~:text=kett",
        "[2] Kettles",
        "https://a.example/kettles#:~:text=Kett",
    ]
