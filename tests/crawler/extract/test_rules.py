"""People's own rules: for which pages, what they find by CSS, XPath and in the URL, and which mistakes are named."""

import pytest

from crawler.config import CrawlConfig
from crawler.extract.extract import Extracted, extract
from crawler.extract.rules import ExtractionRule, FieldRule
from crawler.urls.url_rule import PathPattern
from server.elastic.crawl_config import read_elastic_config
from server.elastic.extraction import extraction_rules

PAGE = """<!doctype html><html lang="en"><head><title>Shop - Acacia honey</title>
<meta name="sku" content="H-7"></head><body><nav>Menu</nav>
<div class="body"><h1>Acacia honey</h1><p>Light and mild, from the south.</p><p class="legal">No refunds.</p></div>
<div class="other"><p>Customers also bought a jar opener of steel.</p></div>
<span class="tag">honey</span> <span class="tag">acacia</span> <span class="tag">honey</span>
<time class="d" datetime="2026-03-01">1 March</time>
<b class="by">Ida Lund</b> <i class="price">7 <s>€</s></i></body></html>"""
URL = "https://shop.example/en/honey/acacia-2026.html?x=1"


def read(*rules: ExtractionRule, url: str = URL) -> Extracted:
    return extract(PAGE, url, config=CrawlConfig(extraction=rules))


def test_rule_chooses_content_and_leaves_parts_out() -> None:
    found = read(ExtractionRule(content_selector=".body", exclude_selectors=(".legal",)))
    assert [section.text for section in found.sections] == ["Light and mild, from the south."]


def test_title_date_and_author_come_from_the_page() -> None:
    found = read(ExtractionRule(title="h1", date="time.d", author="//b[@class='by']"))
    assert found.title == "Acacia honey"
    assert found.modified_at is not None
    assert found.modified_at.isoformat() == "2026-03-01T00:00:00+00:00"
    assert found.metadata["author"] == "Ida Lund"
    assert found.metadata["published_at"] == "2026-03-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (FieldRule("f", selector=".tag"), "honey, acacia"),
        (FieldRule("f", selector=".tag", separator="|"), "honey|acacia"),
        (FieldRule("f", selector="meta[name=sku]"), "H-7"),
        (FieldRule("f", selector="//meta[@name='sku']/@content"), "H-7"),
        (FieldRule("f", selector="(//span)[2]"), "acacia"),
        (FieldRule("f", selector=".price"), "7 €"),
        (FieldRule("f", selector=".missing"), None),
        (FieldRule("f", selector=".price", value="yes"), "yes"),
        (FieldRule("f", selector=".missing", value="yes"), None),
        (FieldRule("f", url_pattern=r"-(\d{4})\."), "2026"),
        (FieldRule("f", url_pattern=r"/[a-z]{2}(?=/)"), "/en"),
        (FieldRule("f", url_pattern=r"/shop/", value="shop"), None),
    ],
)
def test_fields_are_found_by_css_xpath_and_in_the_url(rule: FieldRule, value: str | None) -> None:
    assert read(ExtractionRule(fields=(rule,))).metadata.get("f") == value


@pytest.mark.parametrize(
    ("rule", "applies"),
    [
        (ExtractionRule(), True),
        (ExtractionRule(urls=("/en/*",)), True),
        (ExtractionRule(urls=("https://shop.example/*",)), True),
        (ExtractionRule(urls=("/de/*", "*.pdf")), False),
        (ExtractionRule(paths=(PathPattern("ends", ".html"),)), True),
        (ExtractionRule(paths=(PathPattern("begins", "/de"),)), False),
    ],
)
def test_rule_is_for_the_pages_it_names(rule: ExtractionRule, applies: bool) -> None:
    assert rule.applies(URL) is applies


def test_first_rule_that_finds_a_field_decides_and_others_fill_in() -> None:
    one = ExtractionRule(title=".missing", fields=(FieldRule("a", selector=".by"),))
    two = ExtractionRule(title="h1", fields=(FieldRule("a", selector=".tag"), FieldRule("b", selector=".tag")))
    found = read(one, two)
    assert (found.title, found.metadata["a"], found.metadata["b"]) == ("Acacia honey", "Ida Lund", "honey, acacia")


def test_page_without_a_rule_is_read_as_ever() -> None:
    assert read(ExtractionRule(urls=("/de/*",), content_selector=".other")) == extract(PAGE, URL)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: FieldRule("f", selector="p["), "'p[' is not CSS"),
        (lambda: FieldRule("f", selector="//p["), "'//p[' is not XPath"),
        (lambda: FieldRule("f", url_pattern="("), "is not a regular expression"),
        (lambda: FieldRule("f"), "needs a name and either selector or url_pattern"),
        (lambda: ExtractionRule(title="p["), "is not CSS"),
        (lambda: ExtractionRule(content_selector="//p"), "is XPath"),
    ],
)
def test_mistakes_are_named_at_once(make: object, named: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as raised:
        make()  # type: ignore[operator]  # each is a function without arguments
    assert named in str(raised.value)


ELASTIC = """
domains:
  - url: https://shop.example
    extraction_rulesets:
      - url_filters: [{type: begins, pattern: /en}]
        rules:
          - {action: extract, field_name: tags, selector: .tag, join_as: array, source: html}
          - {action: extract, field_name: words, selector: .tag, join_as: string, source: html}
          - {action: extract, field_name: year, selector: '-(\\d{4})', join_as: string, source: url}
          - {action: set, field_name: kind, selector: .price, value: product, source: html}
          - {action: extract, field_name: title, selector: //h1, join_as: string, source: html}
"""


def test_rules_of_elastic_give_the_same_fields() -> None:
    (site,) = read_elastic_config(ELASTIC).sites
    found = read(*extraction_rules(site.rulesets))
    expected = {"tags": "honey, acacia", "words": "honey acacia", "year": "2026", "kind": "product"}
    assert {name: found.metadata.get(name) for name in expected} == expected
    assert found.title == "Acacia honey"
