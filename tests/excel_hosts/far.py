"""Look at and meddle with an object of another process by the way to it, step by step: for stories about a double.

`walk` runs where the object is, `Far` where the test is. Steps and values travel pickled, as hexadecimal digits.
"""

import datetime
import pickle
from typing import Any

# What travels by its value; of anything else only the way to it does.
PLAIN = (str, int, float, bool, type(None), datetime.date)


def packed(value: Any) -> str:
    """A value as it travels."""
    return pickle.dumps(value).hex()


def unpacked(digits: str) -> Any:
    """A value that came."""
    return pickle.loads(bytes.fromhex(digits))


def walk(held: Any, steps: list[tuple[str, Any]]) -> Any:
    """What is found at the end of the steps from an object."""
    for kind, given in steps:
        if kind == "get":
            held = getattr(held, given)
        elif kind == "item":
            held = held[given]
        elif kind == "call":
            held = held(*given[0], **given[1])
        elif kind == "nth":
            held = list(held)[given]
        elif kind == "count":
            held = len(list(held))
        elif kind == "truth":
            held = bool(held)
        elif kind == "text":
            held = str(held)
        elif kind == "value":
            return True, held
        elif kind == "set":
            setattr(held, *given)
            held = None
        else:
            held[given[0]] = given[1]
            held = None
    plain = isinstance(held, PLAIN) or (isinstance(held, tuple) and all(isinstance(one, PLAIN) for one in held))
    return plain, held if plain else None


class Far:
    """An object of another process."""

    def __init__(self, ask: Any, steps: tuple[tuple[str, Any], ...] = ()) -> None:
        """`ask` walks packed steps over there, and gives the packed answer."""
        self.__dict__.update(_ask=ask, _steps=steps)

    def _went(self, kind: str, given: Any) -> Any:
        steps = (*self._steps, (kind, given))
        plain, value = unpacked(self._ask(packed(list(steps))))
        return value if plain else Far(self._ask, steps)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._went("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._went("set", (name, value))

    def __getitem__(self, key: Any) -> Any:
        return self._went("item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._went("put", (key, value))

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self._went("call", (args, named))

    def __iter__(self) -> Any:
        return (self._went("nth", number) for number in range(self._went("count", None)))

    def __bool__(self) -> bool:
        return bool(self._went("truth", None))

    def __str__(self) -> str:
        return str(self._went("text", None))

    def __eq__(self, other: object) -> bool:
        return bool(self._went("value", None) == other)

    __hash__ = None  # type: ignore[assignment]
