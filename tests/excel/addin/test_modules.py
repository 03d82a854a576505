"""VBA sources in the form that Excel stores, and refused where Excel would not read them."""

import pytest

from rebal_xl.excel.addin.modules import Kind, Module, SourceError, parse_module


def module(code: str) -> Module:
    return Module("Formulas", Kind.STANDARD, code)


def test_lines_end_as_excel_wants_them_and_the_name_comes_first() -> None:
    read = parse_module('Attribute VB_Name = "Formulas"\nOption Explicit\nSub A()\nEnd Sub\n', "Formulas")
    assert read.encoded() == b'Attribute VB_Name = "Formulas"\r\nOption Explicit\r\nSub A()\r\nEnd Sub\r\n'


def test_a_source_by_another_name_is_refused() -> None:
    with pytest.raises(SourceError, match="must begin with the line"):
        parse_module('Attribute VB_Name = "Other"\n', "Formulas")


def test_a_letter_outside_the_code_page_is_refused_with_its_line() -> None:
    assert module("' – × é\n").encoded().endswith(b"' \x96 \xd7 \xe9\r\n")
    with pytest.raises(SourceError, match="Formulas, line 3: '≥'"):
        module("' one\n' ≥ two\n").encoded()


def test_lines_just_as_long_as_the_editor_takes() -> None:
    assert module("'" * 1023).encoded()
    with pytest.raises(SourceError, match="line 2: longer than 1023"):
        module("'" * 1024).encoded()


def test_continuations_just_as_many_as_the_editor_takes() -> None:
    assert module("x = 1 + _\n" * 24 + "1\n").encoded()
    with pytest.raises(SourceError, match="more than 24 continued"):
        module("x = 1 + _\n" * 25 + "1\n").encoded()


def test_a_module_that_is_too_large_or_named_too_long_is_refused() -> None:
    with pytest.raises(SourceError, match="64,000"):
        module("' filler\n" * 7000).encoded()
    with pytest.raises(SourceError, match="31 characters"):
        Module("M" * 32, Kind.STANDARD, "").encoded()
