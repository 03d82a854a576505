"""The firm's folder, made once."""

from pathlib import Path

import pytest

from tests.practice.books import whole_book


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one of each."""
    return whole_book(tmp_path_factory.mktemp("firm"))
