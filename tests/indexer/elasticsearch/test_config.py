"""Where the cluster is and who we are there."""

import pytest

from indexer.elasticsearch.config import ElasticsearchConfig


def test_a_url_says_host_user_and_index() -> None:
    config = ElasticsearchConfig().with_url("https://me:p%40ss@search.example.com:9200/docs?verify_certs=false")
    assert config.hosts == ("https://search.example.com:9200",)
    assert (config.username, config.password, config.index) == ("me", "p@ss", "docs")
    assert not config.verify_certs


def test_a_url_may_name_more_hosts_and_keeps_other_settings() -> None:
    given = ElasticsearchConfig(api_key="key", shards=3)
    config = given.with_url("http://a:9200/docs?host=http://b:9200&host=http://c:9200")
    assert config.hosts == ("http://a:9200", "http://b:9200", "http://c:9200")
    assert (config.api_key, config.shards) == ("key", 3)


def test_secrets_are_not_printed() -> None:
    shown = repr(ElasticsearchConfig(api_key="s3cret")) + repr(ElasticsearchConfig(username="u", password="s3cret"))
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    "url", ["localhost:9200/docs", "ftp://a/docs", "http:///docs", "http://a/docs?colour=red", "http://a/Docs!"]
)
def test_what_is_no_url_of_an_index_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"http|setting|index"):
        ElasticsearchConfig().with_url(url)


@pytest.mark.parametrize(
    "wrong", [{"hosts": ()}, {"hosts": ("localhost",)}, {"index": "_x"}, {"api_key": "a", "username": "b"}]
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"hosts|index|api_key"):
        ElasticsearchConfig(**wrong)  # type: ignore[arg-type]  # wrong on purpose
