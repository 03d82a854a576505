"""Colours, fonts and borders of our sheets: one palette, readable in print and by the colour-blind.

The orange, blue and grey of pictures are of the palette of Okabe and Ito (2008).
"""

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

FONT_NAME = "Calibri"
NAVY = "1F3864"
INK = "262626"
MUTED = "595959"
RULE = "D0D0D0"
YELLOW = "FFF9DB"
# The tab of a sheet with yellow cells.
GOLD = "F2C811"
LINK = "0563C1"
# Okabe and Ito: told apart under every common kind of colour blindness, and in grey.
ORANGE = "E69F00"
BLUE = "0072B2"
GREY = "999999"
PALE_ORANGE = "FCE4B8"
PALE_BLUE = "CFE6F5"
PALE_NAVY = "E8ECF4"
# Okabe and Ito's vermilion, darker so that small figures can be read: a loss, beside its minus sign.
RUST = "A34700"
# The darkest colour of a heat map: dark words are still read on it.
HEAT_BLUE = "7FBCE3"


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


_LINE = Side(style="thin", color=RULE)
_STRONG = Side(style="medium", color=NAVY)

TITLE_FONT = Font(name=FONT_NAME, size=18, bold=True, color=NAVY)
SUBTITLE_FONT = Font(name=FONT_NAME, size=10, color=MUTED)
CAPTION_FONT = Font(name=FONT_NAME, size=12, bold=True, color=NAVY)
BODY_FONT = Font(name=FONT_NAME, size=11, color=INK)
BOLD_FONT = Font(name=FONT_NAME, size=11, bold=True, color=INK)
LINK_FONT = Font(name=FONT_NAME, size=11, underline="single", color=LINK)
# openpyxl writes the name of a font into a rule, where Excel allows none.
RULE_FONT = Font(name=None, size=None, bold=True, color=INK)
LOSS_FONT = Font(name=None, size=None, color=RUST)
HEADER_FONT = Font(name=FONT_NAME, size=11, bold=True, color="FFFFFF")

# A required column's header is dark, an optional one's lighter: told apart without reading the note.
REQUIRED_FILL = _fill(NAVY)
OPTIONAL_FILL = _fill("5B6F8F")
INPUT_FILL = _fill(YELLOW)
NO_FILL = PatternFill()
HEADLINE_FILL = _fill("F3F6FB")
ABOVE_FILL = _fill(PALE_ORANGE)
BELOW_FILL = _fill(PALE_BLUE)
# The first line of a group.
GROUP_FILL = _fill(PALE_NAVY)

GRID_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
ROW_BORDER = Border(bottom=_LINE)
TOTAL_BORDER = Border(top=_STRONG)

HEADER_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)
# On results a header stands above its figures or words, on their side.
RIGHT_HEADER_ALIGNMENT = Alignment(horizontal="right", vertical="center", wrap_text=True)
LEFT_HEADER_ALIGNMENT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
NOTE_ALIGNMENT = Alignment(vertical="top", wrap_text=True)
# Text beside a number needs a little room on its left.
WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
TOP = Alignment(horizontal="left", vertical="top", indent=1)
CENTRED = Alignment(horizontal="center", vertical="top")
RIGHT = Alignment(horizontal="right", vertical="top")
