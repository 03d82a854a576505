"""Synthetic households, the rules advisors use by hand, and how the optimizer compares with them."""
