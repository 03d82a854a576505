"""The one validation door: grids of any layout in, Household and Policy out, or all problems at once."""

from rebal_xl.intake.door import read_grids

__all__ = ["read_grids"]
