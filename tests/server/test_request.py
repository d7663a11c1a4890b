"""Words of a command line or URL become a query, or an error that names the word."""

from datetime import UTC, datetime

import pytest

from indexer.store import Filters
from ranker.errors import BadQuery
from server.request import make_filters, make_query, parse_metadata, parse_time


def test_empty_values_of_a_form_filter_nothing() -> None:
    assert make_filters(site=("",), path=("", "/docs"), modified_from="") == Filters(path=("/docs",))


def test_no_groups_and_no_asker_differ() -> None:
    assert make_filters().groups is None
    assert make_filters(groups=()).groups == ()


def test_dates_without_a_zone_are_utc_and_others_are_converted() -> None:
    assert parse_time("2026-01-31", "from") == datetime(2026, 1, 31, tzinfo=UTC)
    assert parse_time("2026-01-31T12:00:00+02:00", "from") == datetime(2026, 1, 31, 10, tzinfo=UTC)


def test_metadata_values_of_one_key_are_alternatives() -> None:
    assert parse_metadata(["team=a", "team=b=c", "x="]) == {"team": ("a", "b=c"), "x": ("",)}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: parse_time("soon", "from"), "from 'soon' is not a date"),
        (lambda: parse_metadata(["team"]), "'team' is not KEY=VALUE"),
        (lambda: make_query("x", Filters(), mode="hybird"), "Did you mean 'hybrid'"),
        (lambda: make_query("x", Filters(), sort="date"), "sort 'date' is unknown"),
        (lambda: make_query("x", Filters(), facets=["lang"]), "Did you mean 'language'"),
    ],
)
def test_a_word_that_is_none_is_named(make: object, said: str) -> None:
    with pytest.raises(BadQuery) as caught:
        make()  # type: ignore[operator]
    assert said in str(caught.value)
