"""The one validation door: grids of any layout -> Household and Policy, or all problems at once."""
