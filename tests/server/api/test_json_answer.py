"""JSON written in one go says what any other writer would."""

import json
from typing import Any

import pytest

from server.api.json_answer import JsonAnswer


@pytest.mark.parametrize(
    "content",
    [{}, {"a": [1, 2.5, None, True, "„ß“\u2028</script>"]}, {"half": "a \ud800 sign", "more": ["ä"]}, []],
)
def test_what_is_written_is_read_back(content: Any) -> None:
    answer = JsonAnswer(content, headers={"ETag": 'W/"1"'})
    assert json.loads(bytes(answer.body)) == content
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["etag"] == 'W/"1"'


def test_a_number_that_is_none_is_null() -> None:
    assert json.loads(bytes(JsonAnswer({"score": float("nan")}).body)) == {"score": None}
