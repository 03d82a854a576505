"""The Excel surface: what formulas and ribbon buttons reach, and what builds the add-in."""
