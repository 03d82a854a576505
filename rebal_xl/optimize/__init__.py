"""Household and policy in, provably good plan out."""

from rebal_xl.optimize.rebalance import rebalance

__all__ = ["rebalance"]
