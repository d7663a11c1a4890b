"""What a form sends: ``application/x-www-form-urlencoded`` and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import Request

from server.errors import BadInput

MEDIA_TYPE = "application/x-www-form-urlencoded"
MAX_FIELDS = 5_000


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, in the order they were sent."""

    values: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        """The field's value without blanks around it; empty where there is none."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The field's value as it was typed; empty where there is none."""
        return self.values.get(name, [""])[0].replace("\r\n", "\n")

    def all(self, name: str) -> list[str]:
        """Every value of a field, empty ones too, so that those of one row stand at one place."""
        return [value.replace("\r\n", "\n").strip() for value in self.values.get(name, [])]


async def read_form(request: Request) -> Posted:
    """The form of a request. Raises BadInput for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise BadInput("This is no form", "Send it from the page")
    try:
        text = (await request.body()).decode("ascii")
        return Posted(parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise BadInput(f"The form cannot be read: {error}", "Send it from the page") from error
