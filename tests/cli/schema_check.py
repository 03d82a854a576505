"""Checks a document against the JSON Schemas of docs/schema: only the words that they use, and no word unknown.

Stricter than a client need be: a field that the schema does not describe is a finding, so that none goes undocumented.
"""

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"
TYPES: dict[str, Any] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
    "null": lambda value: value is None,
}
WORDS = {
    "$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "anyOf", "format",
    "properties", "required", "items",
}  # fmt: skip


def schema(command: str) -> dict[str, Any]:
    """The schema of one command's document."""
    return json.loads((SCHEMAS / f"{command}.json").read_text(encoding="utf-8"))


def findings(value: Any, rule: dict[str, Any], whole: dict[str, Any], place: str = "document") -> list[str]:
    """What in the value contradicts the schema `rule`, which is a part of `whole`."""
    unknown = set(rule) - WORDS
    if unknown:
        raise AssertionError(f"{place}: this checker does not know {sorted(unknown)}")
    if "$ref" in rule:
        # another command's schema, or a part of this one
        other, _, name = rule["$ref"].partition("#/$defs/")
        whole = schema(other.removesuffix(".json")) if other else whole
        return findings(value, whole["$defs"][name], whole, place)
    if "anyOf" in rule:
        options = [findings(value, option, whole, place) for option in rule["anyOf"]]
        return [] if any(not found for found in options) else min(options, key=len)
    if "const" in rule:
        return [] if value == rule["const"] else [f"{place}: {value!r} is not {rule['const']!r}"]
    wanted = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if not any(TYPES[name](value) for name in wanted):
        return [f"{place}: {value!r} is no {' or '.join(wanted)}"]
    if "enum" in rule and value not in rule["enum"]:
        return [f"{place}: {value!r} is none of {rule['enum']}"]
    if rule.get("format") == "date" and value is not None:
        date.fromisoformat(value)
    return [*_in_object(value, rule, whole, place), *_in_array(value, rule, whole, place)]


def _in_object(value: Any, rule: dict[str, Any], whole: dict[str, Any], place: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    known = rule["properties"]
    found = [f"{place}.{name} is missing" for name in rule["required"] if name not in value]
    found += [f"{place}.{name} is not documented" for name in value if name not in known]
    for name in value:
        if name in known:
            found += findings(value[name], known[name], whole, f"{place}.{name}")
    return found


def _in_array(value: Any, rule: dict[str, Any], whole: dict[str, Any], place: str) -> list[str]:
    if not isinstance(value, list):
        return []
    return [
        one for index, item in enumerate(value) for one in findings(item, rule["items"], whole, f"{place}[{index}]")
    ]
