"""CUSIPs of digits alone that Excel turned into numbers: their leading zeros are lost, and nobody sees it.

A CUSIP has nine characters, the last of which is a check digit (CUSIP Global Services; the arithmetic is that of Luhn
over the characters' values). Zeros are put back only where that digit then fits, and it is said.
"""

LENGTH = 9
# Fewer digits than this are a fund's number, or something else that never was a CUSIP.
LEAST_DIGITS = 5


def check_digit_fits(text: str) -> bool:
    """Whether nine digits and capital letters end in the check digit of the eight before it."""
    if len(text) != LENGTH or not (text.isascii() and text.isalnum() and text[-1].isdigit()) or text != text.upper():
        return False
    total = 0
    for place, mark in enumerate(text[:-1]):
        # A is 10, Z is 35
        value = int(mark, 36) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return (10 - total % 10) % 10 == int(text[-1])


def is_debt(text: str) -> bool:
    """Whether a text is the CUSIP of debt: its issue, the seventh and eighth character, has a letter."""
    return check_digit_fits(text) and not text[6:8].isdigit()


def with_zeros(digits: str) -> str:
    """The CUSIP that a number once was, "" where its digits are none that lost zeros."""
    if not LEAST_DIGITS <= len(digits) < LENGTH or not digits.isdigit():
        return ""
    whole = digits.zfill(LENGTH)
    return whole if check_digit_fits(whole) else ""
