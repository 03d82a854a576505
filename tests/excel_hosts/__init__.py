"""The built add-in in real host programs."""
