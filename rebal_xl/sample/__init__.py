"""A sample household to learn with and to test against: made up, but shaped like life."""

from rebal_xl.sample.household import sample_household
from rebal_xl.sample.policy import sample_policy

__all__ = ["sample_household", "sample_policy"]
