"""MCP by its official client: over HTTP with keys, and by stdio."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from crawler.page import Section
from indexer.document import Document, Head, Passage
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from server.whole import whole_text
from tests.server.conftest import Indexed
from tests.support.served import running

IMPORTED = "0" * 32
QUESTION = "How long does a restore of 200 GB take?"


@pytest.fixture(scope="module")
def address(installation: Installation) -> Iterator[str]:
    with running(installation) as url:
        yield url


def over_http(address: str, do: Callable[[Client], Awaitable[Any]], key: str = "") -> Any:
    """What ``do`` gives with a client that is connected."""

    async def run() -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            return await do(client)

    return asyncio.run(run())


def content(result: Any) -> Any:
    assert not result.is_error, result.content
    return result.structured_content


def test_an_assistant_finds_reads_and_asks(address: str, indexed: Indexed) -> None:
    async def use(client: Client) -> Any:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        found = content(await client.call_tool("search", {"query": "restore a single file", "size": 3}))
        read = content(await client.call_tool("fetch", {"id": found["results"][0]["id"]}))
        answered = content(await client.call_tool("ask", {"question": QUESTION}))
        return tools, found, read, answered

    tools, found, read, answered = over_http(address, use)
    assert set(tools) == {"search", "fetch", "ask"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert tools["search"].input_schema["required"] == ["query"]
    assert len(found["results"]) == 3
    assert found["results"][0]["url"].startswith(f"{indexed.url}/guide/restore.html")
    assert found["results"][0]["text"] in read["text"]
    assert (read["url"], read["is_cut"]) == (f"{indexed.url}/guide/restore.html", False)
    assert "forty minutes" in answered["answer"]
    assert "#" in answered["citations"][0]["url"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {"query": "x", "size": 1000}, "20"),
        ("search", {"query": "x" * 20_000}, "10,0"),
        ("search", {}, "query"),
        ("fetch", {"id": "none"}, "no document none"),
        ("ask", {"question": " "}, "empty"),
    ],
)
def test_what_a_model_does_wrong_is_told_to_it(address: str, tool: str, arguments: dict[str, Any], said: str) -> None:
    async def use(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = over_http(address, use)
    assert result.is_error
    assert said in result.content[0].text


def test_by_stdio_it_is_the_same(indexed: Indexed) -> None:
    async def run() -> Any:
        command = str(Path(sys.executable).with_name("recollect"))
        async with Client(StdioServerParameters(command=command, args=["mcp", "--data", str(indexed.data)])) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            return names, content(await client.call_tool("ask", {"question": QUESTION}))

    names, answered = asyncio.run(run())
    assert names == ["search", "fetch", "ask"]
    assert "forty minutes" in answered["answer"]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server of other machines with one restricted document, and one that was a file."""
    config = Config(
        data=tmp_path_factory.mktemp("mcp"),
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        serve=ServeConfig(host="0.0.0.0"),
    )
    text = "The badger earns nine crabs a month."
    head = Head("f" * 32, "https://a.example/", "Salaries", "h", site="a.example", access=("staff",))
    with Installation(config, is_writing=True) as opened:
        opened.indexer().index([Document(head, (Section(text, end_char=len(text)),))])
        told = "Otters sleep in holts beneath old roots."
        otters = Head(IMPORTED, "file:///srv/notes/otters.md", "Otters", "o")
        opened.indexer().index([Document(otters, (Section(told, end_char=len(told)),))])
        yield opened


def test_doors_hold_for_every_tool(locked: Installation) -> None:
    keys = key_file(locked.config)
    _, staff = keys.create("staff", [Scope.SEARCH, Scope.ANSWER], groups=["staff"])
    _, other = keys.create("other", [Scope.SEARCH], groups=["board"])
    calls = [
        ("search", {"query": "badger"}),
        ("fetch", {"id": "f" * 32}),
        ("ask", {"question": "What does a badger earn?"}),
    ]

    async def use(client: Client) -> Any:
        return [await client.call_tool(tool, arguments) for tool, arguments in calls]

    with running(locked) as address:
        seen = over_http(address, use, staff)
        assert all("nine crabs" in json.dumps(content(result)) for result in seen)
        unseen = over_http(address, use, other)
        assert not any("crabs" in str(result) for result in unseen)
        assert [result.is_error for result in unseen] == [False, True, True]
        assert "may not answer" in unseen[2].content[0].text
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        asked = httpx.post(f"{address}/mcp", json=body)
        assert (asked.status_code, asked.headers["www-authenticate"]) == (401, "Bearer")
        evil = {"Origin": "https://evil.example", "X-API-Key": staff}
        assert httpx.post(f"{address}/mcp", json=body, headers=evil).status_code == 403
        assert httpx.get(f"{address}/mcp", headers={"Host": "evil.example"}).status_code == 421


def test_an_imported_file_opens_at_the_server(locked: Installation) -> None:
    key = key_file(locked.config).create("reader", [Scope.SEARCH, Scope.ANSWER])[1]

    async def use(client: Client) -> Any:
        found = content(await client.call_tool("search", {"query": "otters"}))
        read = content(await client.call_tool("fetch", {"id": IMPORTED}))
        answered = content(await client.call_tool("ask", {"question": "Where do otters sleep?"}))
        return found["results"][0]["url"], read["url"], answered["citations"][0]["url"]

    with running(locked) as address:
        hit, page, cited = over_http(address, use, key)
    assert (hit, page) == (f"{address}/documents/{IMPORTED}#p0", f"{address}/documents/{IMPORTED}")
    assert cited.startswith(f"{page}#p0:~:text=Otters")


def test_a_page_is_put_together_from_passages_that_overlap() -> None:
    head = Head("1", "u", "t", "h")
    text = "One two three.\n\nFour five."
    pieces = [(0, 14), (4, 14), (16, 26), (8, 20)]
    passages = [
        Passage(head, i, text[start:end], start_char=start, end_char=end) for i, (start, end) in enumerate(pieces)
    ]
    assert whole_text(passages) == text
    assert whole_text([passages[2], passages[0]]) == text
