"""Households and what the law makes of them."""
