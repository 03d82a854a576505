"""Widths are counted in digits, as Excel counts them; words are never broken while they fit a line."""

from rebal_xl.sheets.measure_text import text_width, two_line_width, wrapped_lines


def test_ten_digits_are_ten_wide_and_capitals_are_wider_than_small_letters() -> None:
    assert text_width("0123456789") == 10
    assert text_width("MONEY MARKET") > text_width("money market")
    assert text_width("Total", bold=True) > text_width("Total")


def test_text_wraps_between_words() -> None:
    # Digits are one wide and a space is 0.45: "111 222" takes 6.45, "111 222 333" 9.9 (ten with rounding up).
    assert wrapped_lines("111 222 333", 10) == 1
    assert wrapped_lines("111 222 333", 9.8) == 2
    assert wrapped_lines("111 222 333", 6) == 3
    assert wrapped_lines("", 6) == 1
    assert wrapped_lines("111\n222", 10) == 2


def test_a_word_longer_than_its_line_is_broken() -> None:
    assert wrapped_lines("0" * 25, 10) == 3


def test_a_long_header_gets_two_lines_of_much_the_same_width() -> None:
    # "11 22" / "333" takes 4.45, "11" / "22 333" takes 5.45.
    assert two_line_width("11 22 333") == text_width("11 22")
    assert two_line_width("0123") == 4
