"""A second model of the whole problem for another solver (SCIP), written apart: it imports nothing of the product.

It reads a household, a policy and the published law from plain files, and runs in a Python of its own.
"""
