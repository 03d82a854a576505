"""Figures as the client's page writes them: dollars, weights and days, never a negative zero."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from rebal_xl import words
from rebal_xl.explain.figures import MONTHS
from rebal_xl.words import tenths as percent

__all__ = ["NONE", "Money", "change", "day", "fitted", "money", "percent", "signed_percent", "span", "whole_dollars"]

# Dollars below which every amount of a column must be for it to show cents: beside large ones they only cost reading.
CENTS_BELOW_USD = 10_000.0
# What stands for no figure.
NONE = "–"
Money = Callable[[float], str]


def money(amounts: Iterable[float]) -> Money:
    """How the dollars of one column or chart are written: to the cent where all of them are small, else whole."""
    return words.dollars if all(abs(usd) < CENTS_BELOW_USD for usd in amounts) else whole_dollars


def whole_dollars(usd: float) -> str:
    """$1,235 or -$1,235."""
    rounded = round(usd) + 0
    return f"-${-rounded:,d}" if rounded < 0 else f"${rounded:,d}"


def change(usd: float, write: Money) -> str:
    """+$1,235 or -$1,235, "" for no change."""
    text = write(usd)
    if text in (write(0.0), ""):
        return ""
    return text if text.startswith("-") else f"+{text}"


def signed_percent(weight: float) -> str:
    """+14.6%, -1.0% or 0.0%."""
    rounded = round(100 * weight, 1) + 0.0
    return f"{rounded:+.1f}%" if rounded else "0.0%"


def span(low: float | None, high: float | None) -> str:
    """24.0% to 36.0%; a dash for a class without band."""
    return NONE if low is None or high is None else f"{percent(low)} to {percent(high)}"


def day(when: date) -> str:
    """November 20, 2026."""
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def fitted(text: str, letters: int) -> str:
    """A name cut to the room of so many letters, three dots for what is gone; East Asian letters need twice as much."""
    room = float(letters)
    for index, letter in enumerate(text):
        room -= 2.0 if unicodedata.east_asian_width(letter) in "WF" else 1.0
        if room < 0 and index:
            return f"{text[: max(1, index - 1)].rstrip()}…"
    return text
