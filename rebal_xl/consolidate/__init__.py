"""Consolidating: positions of one account that hold the same sold into one, told with their tax or planned."""

from rebal_xl.consolidate.chosen import choose, consolidated, in_force
from rebal_xl.consolidate.planned import best_plan
from rebal_xl.consolidate.report import overlap_report

__all__ = ["best_plan", "choose", "consolidated", "in_force", "overlap_report"]
