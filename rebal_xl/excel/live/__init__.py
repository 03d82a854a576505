"""A workbook open in Excel: read into the grids that files give too, and written to sheet by sheet.

`host` is the only module that touches Excel's objects; `read` makes the grids, `ours` finds our sheets, `write` and
`rewrite` put results in, `template` copies input sheets and example formulas.
"""
