"""How wide text is: characters of the body font against a digit, which is what Excel counts column widths in.

Widths are those of Calibri (and of its metric twin Carlito), rounded; other fonts of offices are close.
"""

# Widths in digits; what is not listed is a capital-sized sign, which errs on the wide side.
_CLASSES: tuple[tuple[float, str], ...] = (
    (0.45, " 'ijlI|`"),
    (0.52, ".,:;!"),
    (0.65, "ft()[]{}-rJ"),
    (0.80, 'csz/\\"*'),
    (0.90, "kvxyaLF"),
    (1.00, "0123456789$+=<>_eg#?bdhnopqu^~"),
    (1.06, "EPSTYZ·"),
    (1.10, "ABCKRXV"),
    (1.25, "DGHNOQU"),
    (1.40, "&%w@"),
    (1.70, "mMW"),
)
_WIDTHS = {sign: width for width, signs in _CLASSES for sign in signs}
_UNLISTED = 1.25
# Bold is wider than plain by about this factor.
BOLD = 1.06


def text_width(text: str, bold: bool = False) -> float:
    """Width of one line of text in digits."""
    width = sum(_WIDTHS.get(sign, _UNLISTED) for sign in text)
    return width * BOLD if bold else width


def wrapped_lines(text: str, room: float, bold: bool = False) -> int:
    """Lines that a text takes in so many digits of room when it is broken between words."""
    lines = 0
    for paragraph in text.splitlines() or [""]:
        used, lines = 0.0, lines + 1
        for word in paragraph.split():
            wide = text_width(word, bold)
            if used and used + text_width(" ") + wide > room:
                used, lines = 0.0, lines + 1
            elif used:
                used += text_width(" ")
            used += wide
            # A word longer than the line is broken inside.
            while used > room:
                used, lines = used - room, lines + 1
    return lines


def two_line_width(text: str, bold: bool = False) -> float:
    """Least room in which a text takes at most two lines."""
    words = text.replace("-", "- ").split()
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))] or [(text, "")]
    return min(max(text_width(first, bold), text_width(second, bold)) for first, second in splits)
