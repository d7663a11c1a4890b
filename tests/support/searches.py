"""What a ranker is really asked."""

from typing import Any

import pytest

from ranker.hit import Results
from ranker.query import Query


def noted(ranker: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of each search from now on, as they come."""
    seen: list[str] = []
    search = ranker.search

    def noting(query: Query) -> Results:
        seen.append(query.text)
        found: Results = search(query)
        return found

    monkeypatch.setattr(ranker, "search", noting)
    return seen
