"""Files as people have them for Elastic's Open Crawler."""

import pytest

from crawler.config import CrawlConfig
from crawler.urls.scope import Scope
from server.elastic.crawl_config import ElasticConfig, ElasticSite, ElasticStore, read_elastic_config
from server.elastic.rules import BadElasticConfig, FieldRule

FULL = """
domains:
  - url: https://parks.example.org/
    seed_urls:
      - https://parks.example.org
      - https://parks.example.org/news/
      - /visit
    sitemap_urls:
      - https://parks.example.org/sitemap.xml
    exclude_tags: [nav, .advert]
    crawl_rules:
      - policy: deny
        type: begins
        pattern: /blog
    extraction_rulesets:
      - url_filters:
          - type: ends
            pattern: /cities
        rules:
          - action: extract
            field_name: cities
            selector: .city
            join_as: array
            source: html
          - action: set
            field_name: is_city
            selector: //div[@class="city"]
            value: yes
      - rules:
          - action: extract
            field_name: year
            selector: "blog\\\\/(?<year>[0-9]{4})"
            join_as: string
            source: url
output_sink: elasticsearch
output_index: parks
max_crawl_depth: 2
max_response_size: 5_242_880
max_unique_url_count: 500
connect_timeout: 5
max_title_size: 500
schedule:
  pattern: "0 12 * * *"
elasticsearch:
  host: http://localhost/
  port: 9200
  api_key: topsecret
  bulk_api:
    max_items: 10
http_proxy_host: proxy.example.org
auth.domain: https://parks.example.org
auth.password: hunter2
binary_content_extraction_enabled: true
loopback_allowed: true
frobnicate: 3
"""


def read_site(rest: str = "", url: str = "https://example.org") -> tuple[ElasticSite, ElasticConfig]:
    config = read_elastic_config(f"user_agent: Me/1\ndomains:\n  - url: {url}\n{rest}")
    [site] = config.sites
    return site, config


def rules(*lines: str) -> str:
    return "    crawl_rules:\n" + "".join(
        f"      - {{policy: {policy}, type: {kind}, pattern: '{pattern}'}}\n"
        for policy, kind, pattern in (line.split(" ", 2) for line in lines)
    )


def test_a_full_file_is_read() -> None:
    config = read_elastic_config(FULL)
    [site] = config.sites
    assert site.origin == "https://parks.example.org"
    assert site.seeds == (
        "https://parks.example.org/",
        "https://parks.example.org/news/",
        "https://parks.example.org/visit",
    )
    assert site.config.sitemaps == ("https://parks.example.org/sitemap.xml",)
    assert [str(rule) for rule in site.config.rules] == ["deny begins /blog"]
    assert site.config.exclude_selectors == ("nav", ".advert")
    assert (site.config.max_depth, site.config.max_pages) == (1, 500)
    assert (site.config.max_page_bytes, site.config.connect_timeout_s) == (5_242_880, 5.0)
    assert config.schedules == ("0 12 * * *",)
    assert config.store == ElasticStore("http://localhost:9200/parks", {"api_key": "topsecret"})


def test_extraction_rules_are_read() -> None:
    [site] = read_elastic_config(FULL).sites
    cities, year = site.rulesets
    assert cities.applies("https://parks.example.org/a/cities")
    assert not cities.applies("https://parks.example.org/a")
    assert year.applies("https://parks.example.org/a")
    assert cities.rules == (
        FieldRule("cities", ".city"),
        FieldRule("is_city", '//div[@class="city"]', is_xpath=True, value="true"),
    )
    assert year.rules == (FieldRule("year", r"blog\/(?P<year>[0-9]{4})", source="url", is_list=False),)


def test_every_difference_is_a_line_and_no_secret_is_repeated() -> None:
    differences = read_elastic_config(FULL).differences
    for key in (
        "user_agent", "max_title_size", "output_index", "elasticsearch.bulk_api", "http_proxy_host", "auth",
        "binary_content_extraction_enabled", "loopback_allowed", "frobnicate",
    ):  # fmt: skip
        assert [line for line in differences if line.startswith(f"{key} ")], key
    assert len(differences) == 10
    assert "topsecret" not in str(differences)
    assert "hunter2" not in str(differences)


def test_a_small_file_has_no_differences_and_elastics_limits() -> None:
    site, config = read_site()
    assert config.differences == ()
    assert site.seeds == ("https://example.org/",)
    assert (site.config.max_depth, site.config.max_pages, site.config.max_links_per_page) == (9, 100_000, 1000)
    assert site.config.user_agent == "Me/1"
    assert isinstance(site.config, CrawlConfig)


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://example.org/", "HTTPS://Example.org:443//".rstrip("/")]
)
def test_a_slash_at_the_end_makes_no_difference(url: str) -> None:
    site, config = read_site(url=url)
    assert (site.origin, config.differences) == ("https://example.org", ())


def test_a_path_or_a_missing_scheme_is_taken_well_and_reported() -> None:
    site, config = read_site(url="example.org/docs/")
    assert (site.origin, site.seeds) == ("https://example.org", ("https://example.org/docs/",))
    assert len(config.differences) == 2


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("allow begins /blog/keep", "deny begins /blog"),
        ("deny ends .php",),
        ("deny contains print",),
        (r"deny regex /\d+",),
        ("allow begins /docs", "deny regex .*"),
        ("deny regex ^/(?!en/)",),
    ],
)
def test_rules_are_kept_in_their_order(lines: tuple[str, ...]) -> None:
    site, config = read_site(rules(*lines))
    assert [str(rule) for rule in site.config.rules] == list(lines)
    assert config.differences == ()


def test_rules_decide_in_their_order() -> None:
    site, _ = read_site(rules("allow begins /blog/keep", "deny begins /blog"))
    scope = Scope(site.config, [site.origin])
    assert scope.refusal("https://example.org/blog/keep/me") is None
    assert scope.refusal("https://example.org/blog/other") == "rule"


def test_a_cluster_is_taken_over_with_its_account_and_a_file_as_sink_is_reported() -> None:
    _, config = read_site("elasticsearch: {host: https://es.example, username: me, ca_file: /ca.pem}\n")
    assert config.store == ElasticStore("https://es.example", {"username": "me", "ca_certs": "/ca.pem"})
    _, config = read_site("output_sink: file\noutput_dir: out\n")
    assert config.store is None
    assert any(line.startswith("output_sink is file") for line in config.differences)


def test_seeds_elsewhere_and_unknown_keys_are_reported() -> None:
    site, config = read_site("    seed_urls: [https://example.org/a, https://other.example/b]\n    colour: red\n")
    assert site.seeds == ("https://example.org/a",)
    assert any("domains[0].seed_urls[1] is not on https://example.org" in line for line in config.differences)
    assert "domains[0].colour is unknown and left out" in config.differences


def test_several_domains_share_the_limits() -> None:
    config = read_elastic_config(
        "max_crawl_depth: 3\ndomains:\n  - url: https://a.example\n  - url: https://b.example\n"
    )
    assert [(site.origin, site.config.max_depth) for site in config.sites] == [
        ("https://a.example", 2),
        ("https://b.example", 2),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no domains"),
        ("domains: []", "no domains"),
        ("domains:\n  - seed_urls: [x]", r"domains\[0\] has no url"),
        ("domains:\n  - url: ftp://example.org", r"domains\[0\].url: .* is not a web address"),
        ("domains: [\n", "not YAML"),
        ("domains:\n  - url: https://a.example\n  - url: https://a.example/b", "https://a.example stands twice"),
        (
            "domains:\n  - url: https://a.example\n" + rules(r"deny regex (a+)\1"),
            r"crawl_rules\[0\].pattern: .*very long",
        ),
        ("domains:\n  - url: https://a.example\nmax_crawl_depth: deep", "max_crawl_depth is 'deep', not a number"),
        ("domains:\n  - url: https://a.example\n" + rules("maybe begins /"), r"crawl_rules\[0\].policy is 'maybe'"),
        ("domains:\n  - url: https://a.example\n" + rules("deny starts /"), r"crawl_rules\[0\].type is 'starts'"),
        (
            "domains:\n  - url: https://a.example\n" + rules("deny regex ("),
            r"crawl_rules\[0\].pattern is not a regular expression",
        ),
        ("domains:\n  - url: https://a.example\n    crawl_rules: /blog", "crawl_rules is not a list"),
        (
            "domains:\n  - url: https://a.example\n    extraction_rulesets: [{rules: [{selector: a}]}]",
            "has no field_name",
        ),
    ],
)
def test_what_cannot_be_crawled_is_one_line_that_names_the_place(text: str, message: str) -> None:
    with pytest.raises(BadElasticConfig, match=message) as caught:
        read_elastic_config(text)
    assert "\n" not in str(caught.value)
