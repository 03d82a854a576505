"""Hundreds of workbooks of two dozen layouts: read right or refused with the reason, never read wrong."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.tools.layouts import EACH, END, LAYOUTS, PAGE, START, made, page_table, verdict


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    folder: Path = tmp_path_factory.mktemp("layouts")
    counted: dict[str, Counter[str]] = {layout.__name__: Counter() for layout in LAYOUTS}
    wrong: list[str] = []
    for layout in LAYOUTS:
        for seed in range(EACH):
            one = made(layout, seed)
            result, why = verdict(one, folder / f"{layout.__name__}-{seed}.xlsx")
            counted[layout.__name__][result] += 1
            if result == "wrong" or (result == "refused" and len(why) < 40):
                wrong.append(f"{layout.__name__} {seed}: {why}")
    assert not wrong, "\n".join(wrong)
    return counted


def test_none_is_read_wrong_and_nearly_all_are_read_right(found: dict[str, Counter[str]]):
    total = sum(found.values(), Counter())
    assert total.total() == EACH * len(LAYOUTS) >= 300
    assert total["wrong"] == 0
    assert total["right"] >= 0.95 * total.total()


def test_what_nobody_can_read_is_refused(found: dict[str, Counter[str]]):
    unreadable = sum(made(layout, seed).unreadable for layout in LAYOUTS for seed in range(EACH))
    assert unreadable > 5
    assert sum(found.values(), Counter())["refused"] >= unreadable


def test_the_page_tells_the_figures(found: dict[str, Counter[str]]):
    text = PAGE.read_text(encoding="utf-8")
    told = re.search(f"{START}\n(.*)\n{END}", text, re.DOTALL)
    assert told is not None
    assert told[1] == page_table(found)
