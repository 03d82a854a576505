"""The tests mirror the package: tests/tax tests rebal_xl.tax."""
