"""Answers are kept by what they were made from, and never more of them than there is room for."""

from datetime import date

import pytest

from rebal_xl.excel.cache import Cache, fingerprint


def test_equal_values_have_equal_fingerprints():
    assert fingerprint("A", ((1.0, None, "x"),)) == fingerprint("A", ((1.0, None, "x"),)) != b""


@pytest.mark.parametrize("other", [((1.0,),), ((True,),), (("1",),), ((1.0, None),), [[1.0]], ((1.0000000001,),), ""])
def test_other_values_have_others(other):
    assert fingerprint(other) != fingerprint(((1,),))


def test_a_text_is_not_taken_apart():
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


def test_what_cannot_be_compared_is_made_every_time():
    assert fingerprint(date(2026, 11, 20)) == b""
    cache: Cache[int] = Cache(entries=4)
    made = iter(range(9))
    assert [cache.made(b"", lambda: next(made)) for _ in range(3)] == [0, 1, 2]
    assert len(cache) == 0


def test_the_ones_used_longest_ago_make_room():
    cache: Cache[str] = Cache(entries=2)
    cache.keep(b"1", "one")
    cache.keep(b"2", "two")
    assert cache.get(b"1") == "one"
    cache.keep(b"3", "three")
    assert [cache.get(key) for key in (b"1", b"2", b"3")] == ["one", None, "three"]


def test_the_size_of_all_answers_is_bounded():
    cache: Cache[str] = Cache(entries=9, size=10)
    cache.keep(b"1", "one", 6)
    cache.keep(b"1", "one again", 6)
    cache.keep(b"2", "two", 6)
    assert [cache.get(key) for key in (b"1", b"2")] == [None, "two"]
    cache.keep(b"3", "larger than all room", 11)
    assert [cache.get(key) for key in (b"2", b"3")] == ["two", None]
    cache.clear()
    cache.keep(b"4", "four", 10)
    assert cache.get(b"4") == "four"


def test_a_failure_is_not_kept():
    cache: Cache[int] = Cache(entries=2)

    def fail() -> int:
        raise ValueError("not this time")

    with pytest.raises(ValueError, match="not this time"):
        cache.made(b"1", fail)
    assert cache.made(b"1", lambda: 7) == 7
