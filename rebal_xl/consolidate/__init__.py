"""Consolidating: positions of one account that hold the same sold into one, told with their tax or planned."""

from rebal_xl.consolidate.chosen import choose, consolidated, in_force
from rebal_xl.consolidate.planned import consolidated_plan
from rebal_xl.consolidate.report import overlap_report

__all__ = ["choose", "consolidated", "consolidated_plan", "in_force", "overlap_report"]
