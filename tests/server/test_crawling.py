"""What a page is made of reaches the reader of a hit, whichever way its documents take into whichever store."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.block import Block, BlockKind
from crawler.config import CrawlConfig
from indexer.errors import StoreUnavailable
from indexer.queue.config import TaskConfig
from ranker.query import Query
from server.assemble import drop_index, make_crawler, target_of
from server.crawling import continuing, crawl_into
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig
from server.settings.config import Config
from tests.support.site import Site, serve
from tests.support.until import until
from tests.support.working import working

__all__ = ["serve"]

PAGE = """<!doctype html><html lang=en><title>Kettles</title><main><h1>Kettles</h1>
<p>How a kettle is used, descaled and watched over the wire:</p>
<ol start=3><li>Fill the tank with water.<li>Press the button until it glows.</ol>
<table><caption>Sizes</caption><tr><th>Kettle<th>Holds<th>Weighs<tr><th>Small<td>1 l<td>0.8 kg
<tr><th>Large<td>3 l<td>1.6 kg</table>
<pre><code class="language-sh">kettle --watch \\
  --until boiling</code></pre>
<dl><dt>Scale<dd>Chalk that hard water leaves in a kettle.</dl>
<blockquote>A watched kettle never boils.</blockquote></main></html>"""

READ = [
    (BlockKind.HEADING, ""),
    (BlockKind.PARAGRAPH, "How a kettle is used, descaled and watched over the wire:"),
    (BlockKind.LIST_ITEM, "Fill the tank with water."),
    (BlockKind.LIST_ITEM, "Press the button until it glows."),
    (BlockKind.CAPTION, "Sizes"),
    (BlockKind.TABLE_ROW, "Kettle | Holds | Weighs"),
    (BlockKind.TABLE_ROW, "Small | 1 l | 0.8 kg"),
    (BlockKind.TABLE_ROW, "Large | 3 l | 1.6 kg"),
    (BlockKind.CODE, "kettle --watch \\\n  --until boiling"),
    (BlockKind.TERM, "Scale"),
    (BlockKind.DEFINITION, "Chalk that hard water leaves in a kettle."),
    (BlockKind.QUOTATION, "A watched kettle never boils."),
]

STORES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture
def site(tmp_path: Path, serve: Callable[[Path], Site]) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE, "utf-8")
    return serve(folder)


@pytest.fixture(params=STORES)
def own_config(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Config]]:
    """Makes settings of an index of its own."""
    made: list[Config] = []

    def make() -> Config:
        name = uuid.uuid4().hex
        url = request.getfixturevalue("elasticsearch_url") if request.param == "elasticsearch" else ""
        config = Config(
            data=tmp_path / name,
            store=f"{url}/{name}" if url else "",
            crawl=CrawlConfig(use_sitemaps=False),
            encoder=EncoderConfig("hashing"),
            scorer=ScorerConfig("none"),
            queue=TaskConfig(f"index-{name}", f"dead-{name}"),
        )
        made.append(config)
        return config

    yield make
    for config in made:
        if config.store:
            drop_index(config)


def crawl(config: Config, seed: str) -> None:
    with (
        Installation(config, is_writing=not config.broker) as installation,
        continuing(installation) as (sink, frontier),
    ):
        crawl_into(sink, make_crawler(config, frontier), config, [seed], lambda _: None)


def has_documents(installation: Installation) -> bool:
    """Elasticsearch is busy for a moment with an index that the worker is just making."""
    with suppress(StoreUnavailable):
        return installation.count_documents() > 0
    return False


def work(config: Config) -> None:
    """Have a worker index what was handed over."""
    with (
        Installation(config, is_writing=True) as installation,
        working(config.broker, config.queue, installation.indexer(), target_of(config)),
    ):
        until(lambda: has_documents(installation))


def shown(config: Config) -> list[tuple[str, tuple[Block, ...]]]:
    """Text and blocks of the passages that a hit shows."""
    with Installation(config) as installation:
        (hit,) = installation.ranker().search(Query("kettle")).hits
    return [(passage.text, tuple(passage.blocks)) for passage in (hit.passage, *hit.more)]


def test_the_blocks_of_a_page_are_those_of_its_hit_over_a_broker_too(
    own_config: Callable[[], Config], broker_url: str, site: Site
) -> None:
    straight, queued = own_config(), replace(own_config(), broker=broker_url)
    crawl(straight, site.at("/"))
    crawl(queued, site.at("/"))
    work(queued)
    assert shown(queued) == shown(straight)
    ((text, blocks),) = shown(queued)
    assert [(block.kind, text[block.start_char : block.end_char]) for block in blocks] == READ
    items = [block.number for block in blocks if block.kind is BlockKind.LIST_ITEM]
    rows = [(block.columns, block.row_header, block.caption) for block in blocks if block.kind is BlockKind.TABLE_ROW]
    assert items == [3, 4]
    assert rows[1:] == [(("Kettle", "Holds", "Weighs"), name, "Sizes") for name in ("Small", "Large")]
    assert [block.language for block in blocks if block.kind is BlockKind.CODE] == ["sh"]
    assert [block.term for block in blocks if block.kind is BlockKind.DEFINITION] == ["Scale"]
