"""Orders out and fills in: a workbook's plan as files that operations people enter, and what was executed of it."""
