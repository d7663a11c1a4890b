"""Sites and schedules in recollect.yml."""

from pathlib import Path

import pytest

from server.errors import ConfigError
from server.settings.config import Config, load
from server.settings.sites import SiteConfig

SITES = """
schedule: "@daily"
crawl: {contact: me@example.com, max_depth: 7}
sites:
  - {name: docs, seeds: "https://docs.example.com/"}
  - {name: blog, seeds: "https://blog.example.com/", schedule: adaptive, priority: 8, crawl: {max_depth: 3}}
"""


def read(folder: Path, text: str, **environ: str) -> Config:
    file = folder / "recollect.yml"
    file.write_text(text, "utf-8")
    return load(file, environ=environ)


def test_a_site_has_the_common_settings_where_it_has_none_of_its_own(tmp_path: Path) -> None:
    docs, blog = read(tmp_path, SITES).all_sites()
    assert (docs.schedule, docs.priority, docs.crawl.max_depth) == (("@daily",), 5, 7)
    assert (blog.schedule, blog.priority, blog.crawl.max_depth) == (("adaptive",), 8, 3)
    assert docs.crawl.contact == blog.crawl.contact == "me@example.com"


def test_variables_reach_every_site(tmp_path: Path) -> None:
    config = read(tmp_path, SITES, RECOLLECT_CRAWL__MAX_DEPTH="9", RECOLLECT_SCHEDULE="* * * * *")
    assert [site.crawl.max_depth for site in config.all_sites()] == [9, 3]
    assert config.all_sites()[0].schedule == ("* * * * *",)


def test_sites_may_come_from_a_variable(tmp_path: Path) -> None:
    config = read(
        tmp_path, "crawl: {max_depth: 2}", RECOLLECT_SITES="[{name: docs, seeds: ['https://docs.example.com/']}]"
    )
    assert [(site.name, site.crawl.max_depth) for site in config.all_sites()] == [("docs", 2)]


def test_plain_seeds_are_one_site_named_for_their_host(tmp_path: Path) -> None:
    (site,) = read(tmp_path, 'seeds: "https://docs.example.com/a"\nschedule: "0 3 * * *"').all_sites()
    assert site == SiteConfig("docs.example.com", ("https://docs.example.com/a",), ("0 3 * * *",))


def test_no_seeds_are_no_site() -> None:
    assert Config().all_sites() == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("schedule: '0 25 * * *'", "schedule '0 25 * * *': bad hour"),
        ("sites: [{name: a, seeds: 'https://a.example/', schedule: nightly}]", "sites[0]: schedule 'nightly'"),
        ("sites: [{name: a, seeds: 'https://a.example/', crawl: {max_dept: 1}}]", "'sites[0].crawl.max_dept'"),
        ("sites: [{name: a, seeds: 'https://a.example/', crawl: 3}]", "sites[0].crawl is 3"),
        ("sites: [{name: a b, seeds: 'https://a.example/'}]", "name 'a b' must be"),
        ("sites: [{name: a}]", "seeds names no URL"),
        ("sites: [{name: a, seeds: 'https://a.example/', priority: 10}]", "priority 10"),
        ("sites: [{name: a, seeds: 'nowhere'}]", "sites: a: 'nowhere' is not a web address"),
        (
            "sites: [{name: a, seeds: 'https://a.example/x'}, {name: b, seeds: 'https://a.example/y'}]",
            "https://a.example is in 'a' and in 'b'",
        ),
        ("sites: [{name: a, seeds: 'https://a.example/'}, {name: a, seeds: 'https://b.example/'}]", "two are named"),
        ("seeds: 'https://b.example/'\nsites: [{name: a, seeds: 'https://a.example/'}]", "both given"),
        ("scheduler: {time_zone: Europe/Atlantis}", "time_zone 'Europe/Atlantis' is unknown"),
        ("scheduler: {concurrency: 0}", "concurrency 0"),
        ("crawl: {max_dept: 1}\nsites: [{name: a, seeds: 'https://a.example/'}]", "unknown key 'crawl.max_dept'"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert named in f"{caught.value.what}. {caught.value.cure}"
