"""Looking back: what a plan is held against when the year is summed up."""

from rebal_xl.review.ordinary import held_against

__all__ = ["held_against"]
