"""One module a family of rules: its rows in the model. Their sentences are in optimize/relaxed.py and explain/."""
