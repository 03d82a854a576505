"""
Why a workbook file cannot be used, in one sentence for the advisor.
Every door of this package raises this one exception: the sentence says what was found and what to do instead.
"""

from __future__ import annotations


class FileRefused(Exception):
    """A file that we do not read or change; `sentence` is fit to show as it stands."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
