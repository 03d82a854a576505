"""A plan told to a client, in words whose every number is traced to the plan."""

from rebal_xl.explain.letter import explain
from rebal_xl.explain.told import Told

__all__ = ["Told", "explain"]
