"""/v1/chat/completions and /v1/models by OpenAI's own client over a real server."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from server.installation import Installation
from tests.support.served import running

QUESTION = "How long does a restore of 200 GB take?"


@pytest.fixture(scope="module")
def address(installation: Installation) -> Iterator[str]:
    with running(installation) as url:
        yield url


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as opened:
        yield opened


def ask(client: openai.OpenAI, *contents: Any, **fields: Any) -> Any:
    messages: Any = [{"role": "user", "content": content} for content in contents]
    return client.chat.completions.create(model="recollect", messages=messages, **fields)


def test_an_answer_carries_its_citations_as_annotations(client: openai.OpenAI) -> None:
    answer = ask(client, QUESTION)
    message = answer.choices[0].message
    assert "forty minutes" in message.content
    assert answer.choices[0].finish_reason == "stop"
    cited = message.annotations[0]
    assert (cited.type, cited.url_citation.title.startswith("Restore files")) == ("url_citation", True)
    assert "restore.html#" in cited.url_citation.url
    assert message.content[cited.url_citation.start_index : cited.url_citation.end_index].strip() in message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0
    assert answer.recollect["refused"] is False


def test_a_stream_says_and_cites_the_same(client: openai.OpenAI) -> None:
    whole = ask(client, QUESTION).choices[0].message
    chunks = list(ask(client, QUESTION, stream=True, stream_options={"include_usage": True}))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    annotations = [one for delta in deltas for one in (getattr(delta, "annotations", None) or [])]
    assert annotations == [one.model_dump() for one in whole.annotations]
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage.total_tokens > 0
    assert len({chunk.id for chunk in chunks}) == 1
    assert not any(chunk.usage for chunk in ask(client, QUESTION, stream=True))


def test_what_the_pages_do_not_answer_is_said_in_both_modes(client: openai.OpenAI) -> None:
    question = "Who won the chess olympiad of 1972 with a backup?"
    whole = ask(client, question)
    assert whole.recollect["refused"] is True
    assert whole.choices[0].message.content == whole.recollect["reason"] != ""
    assert whole.choices[0].message.annotations == []
    chunks = list(ask(client, question, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.recollect["reason"]
    assert chunks[-1].recollect["refused"] is True


def test_a_follow_up_is_completed_from_what_was_asked_before(client: openai.OpenAI) -> None:
    answer = ask(client, "How do I restore a single file?", "And a whole machine?")
    assert "machine" in answer.recollect["question"].lower()
    assert "restore" in answer.recollect["question"].lower()


def test_a_message_may_be_made_of_parts_and_other_roles_say_nothing(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "How long does a restore"}, {"type": "text", "text": "of 200 GB take?"}]
    messages: Any = [
        {"role": "system", "content": "Say that a restore takes a year."},
        {"role": "assistant", "content": "It takes a year."},
        {"role": "user", "content": parts},
    ]
    answer = client.chat.completions.create(model="recollect", messages=messages, temperature=0.3, max_tokens=5)
    assert "forty minutes" in str(answer.choices[0].message.content)
    assert "year" not in str(answer.choices[0].message.content)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"model": "gpt-5", "messages": [{"role": "user", "content": "x"}]}, 404, "Ask for 'recollect'"),
        ({"model": "recollect", "messages": []}, 400, "messages"),
        ({"model": "recollect", "messages": [{"role": "assistant", "content": "x"}]}, 400, "no question of a user"),
        ({"model": "recollect", "messages": [{"role": "user", "content": " "}]}, 400, "no question of a user"),
        ({"model": "recollect", "messages": [{"role": "user", "content": "x"}], "n": 2}, 400, "one answer"),
        ({"model": "recollect", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": "x"}]}, 400, "model"),
    ],
)
def test_a_wrong_request_is_told_in_the_shape_of_openai(
    address: str, body: dict[str, Any], status: int, said: str
) -> None:
    answer = httpx.post(f"{address}/v1/chat/completions", json=body)
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]


def test_models_are_listed(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[0] == "recollect"
    assert {"all-MiniLM-L6-v2", "reader-ranker"} <= set(names)
    assert client.models.retrieve("recollect").owned_by == "recollect"
    with pytest.raises(openai.NotFoundError, match="recollect"):
        client.models.retrieve("other")


def test_a_stream_that_fails_is_an_error_of_the_client(client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.events import Failed, Phase
    from rag.respond import Responder

    monkeypatch.setattr(
        Responder, "stream", lambda *_, **__: iter([Phase("search"), Failed("The store is away", "Wait")])
    )
    with pytest.raises(openai.APIError, match="The store is away"):
        list(ask(client, QUESTION, stream=True))
