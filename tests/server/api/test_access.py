"""Access groups come from configured keys alone."""

import pytest

from server.api.access import groups_of
from server.errors import NotAllowed
from server.settings.choices import ServeConfig

KEYS = ServeConfig(api_keys={"k1": ("staff",), "k2": ()})
STRICT = ServeConfig(api_keys={"k1": ("staff",)}, require_api_key=True)


def test_key_in_either_header_gives_its_groups() -> None:
    assert groups_of({"authorization": "Bearer k1"}, KEYS) == ("staff",)
    assert groups_of({"authorization": "bearer  k1 "}, KEYS) == ("staff",)
    assert groups_of({"x-api-key": "k2"}, KEYS) == ()


def test_without_a_key_there_is_no_asker() -> None:
    assert groups_of({}, KEYS) is None
    assert groups_of({"authorization": "Basic azE6"}, KEYS) is None


@pytest.mark.parametrize("key", ["k", "k11", "K1", "", "ключ"])
def test_unknown_key_is_refused(key: str) -> None:
    with pytest.raises(NotAllowed):
        groups_of({"authorization": f"Bearer {key}x"}, KEYS)


def test_where_a_key_is_required_nobody_else_comes_in() -> None:
    with pytest.raises(NotAllowed):
        groups_of({}, STRICT)
    assert groups_of({"x-api-key": "k1"}, STRICT) == ("staff",)


def test_requiring_keys_without_any_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="api_keys is empty"):
        ServeConfig(require_api_key=True)
