"""Example models that come along: five risk profiles made of models, with round weights, marked as examples.

They are no advice. A household follows one by its name in the setting Model; see intake/models.py.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

_FILE = files("rebal_xl.measure") / "example_models" / "examples.toml"
# What every example's name begins with.
MARK = "Example: "


@dataclass(frozen=True, slots=True)
class ExampleModels:
    """The example models of one edition."""

    date: date
    # model -> its parts, classes or models, with their weights (0..1, sum 1)
    models: Mapping[str, Mapping[str, float]]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The models that are part of no other, in order of risk."""
        inner = {part for parts in self.models.values() for part in parts}
        return tuple(name for name in self.models if name not in inner)


@lru_cache(maxsize=1)
def example_models() -> ExampleModels:
    """The example models that come with the package."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return ExampleModels(raw["date"], raw["model"])
