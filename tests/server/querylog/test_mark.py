"""Marks of askers: as many as askers, about, and the same for the addresses of one household."""

from server.querylog.mark import MARKS, mark_of

SECRET = bytes(range(32))


def mark(payer: str, query: str = "badger", site: str = "", secret: bytes = SECRET) -> int:
    return mark_of(secret, payer, site, query)


def test_an_asker_has_one_mark_for_a_query() -> None:
    assert mark("192.0.2.7") == mark("192.0.2.7")
    assert len({mark(f"192.0.2.{last}") for last in range(8)}) > 4


def test_the_marks_of_an_asker_cannot_be_joined() -> None:
    assert len({mark("192.0.2.7", f"query {number}") for number in range(8)}) > 4
    assert len({mark("192.0.2.7", site=f"{number}.example") for number in range(8)}) > 4
    assert len({mark("192.0.2.7", secret=bytes([number])) for number in range(8)}) > 4


def test_all_addresses_of_a_network_of_one_household_are_one_asker() -> None:
    for key in ("", "0123456789ab "):
        assert mark(f"{key}2001:db8::1") == mark(f"{key}2001:db8::ffff:2")
    assert len({mark(f"2001:db8:0:{number}::1") for number in range(8)}) > 4


def test_there_are_too_few_marks_to_tell_who_it_was() -> None:
    marks = [mark(f"10.0.{third}.{last}") for third in range(8) for last in range(256)]
    assert set(marks) <= set(range(MARKS))
    assert max(marks.count(one) for one in range(MARKS)) > 3
