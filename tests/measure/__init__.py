"""Tests of exposure, drift, bands and after-tax value."""
