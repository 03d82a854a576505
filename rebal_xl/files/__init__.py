"""Workbook files without Excel: read them, and graft our sheets into them with the rest proven untouched."""
