"""The Settings table: name and value rows, each read as its own kind, with the nearest name for a misspelt one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from rebal_xl.household import Length, Method, Tone
from rebal_xl.intake.findings import Findings, Place
from rebal_xl.intake.headers import spelling, without_signs
from rebal_xl.intake.percent import Entry, are_points
from rebal_xl.intake.rows import Row, check_limit, formats_are_known, report_reading, share_of
from rebal_xl.intake.values import BarePercent, Fault, Want, near_miss, read_cell
from rebal_xl.sheets.schema import Kind, Setting
from rebal_xl.sheets.settings import DRIFT_MEASURE, DRIFT_MEASURES
from rebal_xl.sheets.tables import SETTINGS_ROWS

SYNONYMS = {
    "As Of": ("As Of Date", "As-of", "Date", "Today", "Plan Date"),
    "Minimum Trade $": ("Min Trade $", "Minimum Trade", "Min Trade"),
    "Minimum Trade %": ("Min Trade %",),
    "Household Name": ("Household", "Family"),
    "Firm": ("Firm Name", "Company"),
    "Method": ("Rebalancing Method", "Rebalance Method"),
    "Law Year": ("Tax Year",),
    "Horizon": ("Horizon Years",),
    "Deadline": ("Deadline Seconds", "Time Limit"),
    "Gap": ("Gap bp",),
    "Most Orders": ("Maximum Orders", "Max Orders", "Order Limit"),
    "Sell Without Target": ("Sell Unassigned", "Sell Classes Without Target"),
    "Most Drift": ("Maximum Drift", "Max Drift", "Drift Limit"),
    "Tracking Trigger": ("Tracking Error Trigger",),
    "Tracking Destination": ("Tracking Error Destination",),
    "Logo": ("Firm Logo",),
    "Explanation Length": ("Length",),
}
METHOD_SYNONYMS = (
    ("Bands", Method.OPPORTUNISTIC.value),
    ("Opportunistic Rebalancing", Method.OPPORTUNISTIC.value),
    ("To Target", Method.FULL.value),
    ("Cash", Method.CASH_ONLY.value),
    ("Raise Cash", Method.CASH_ONLY.value),
    ("Tax Loss Harvesting", Method.HARVEST.value),
    ("Tax-Loss Harvest", Method.HARVEST.value),
    ("Asset Location", Method.LOCATION.value),
    ("My Trades", Method.NONE.value),
)
DRIFT_MEASURE_SYNONYMS = (
    ("Classes", DRIFT_MEASURES[False]),
    ("Bands", DRIFT_MEASURES[False]),
    ("TE", DRIFT_MEASURES[True]),
)
NEW_YORK = "America/New_York"
# Settings whose words have a vocabulary of their own.
VOCABULARIES: Mapping[str, type[Method] | type[Tone] | type[Length]] = {
    "Method": Method,
    "Tone": Tone,
    "Explanation Length": Length,
}
# A logo is a picture beside the workbook: no folder, no drive, no address.
PICTURE_NAME = re.compile(r"[^/\\:*?\"<>|]+\.(png|jpe?g)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the Settings table says; a setting that is not given is absent."""

    values: Mapping[str, Any]
    places: Mapping[str, Place]

    def get(self, name: str) -> Any:
        """The value of a setting, None when it is not given."""
        return self.values.get(name)

    def place(self, name: str) -> Place:
        """Where a setting stands."""
        return self.places.get(name, Place())


def today_in_new_york() -> date:
    """The day it is where US markets are."""
    return datetime.now(tz=ZoneInfo(NEW_YORK)).date()


def read_settings(rows: Sequence[Row], findings: Findings, date1904: bool) -> Settings:
    """Every setting that is given; misspelt, repeated and impossible ones are findings."""
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for row in rows:
        name = row.text("Name")
        if not name:
            continue
        setting = _named(name)
        if setting is None:
            _report_unknown(row, name, findings)
            continue
        if setting.name in places:
            findings.error(
                "repeated-setting", row.place("Name"), f"The setting {setting.name} is given twice.", "Keep one."
            )
            continue
        places[setting.name] = row.place("Value")
        value = _value(setting, row, findings, date1904)
        if value is not None:
            values[setting.name] = value
    return Settings(values, places)


@cache
def _names() -> dict[str, list[Setting]]:
    names: dict[str, list[Setting]] = {}
    for setting in SETTINGS_ROWS:
        for name in (setting.name, *SYNONYMS.get(setting.name, ())):
            names.setdefault(spelling(name), []).append(setting)
    return names


def _named(name: str) -> Setting | None:
    names = _names()
    key = spelling(name)
    if key in names:
        return names[key][0]
    bare = {setting.name: setting for known, found in names.items() if without_signs(known) == key for setting in found}
    return next(iter(bare.values())) if len(bare) == 1 else None


def is_setting(name: str) -> bool:
    """True for the name of a setting, in any spelling."""
    return _named(name) is not None


def _report_unknown(row: Row, name: str, findings: Findings) -> None:
    # Minimum Trade $ and Minimum Trade % differ in their sign alone.
    alike = [each.name for each in SETTINGS_ROWS if _signs(each.name) == _signs(name)]
    near = near_miss(name, alike) or near_miss(name, [each.name for each in SETTINGS_ROWS])
    if near:
        findings.error(
            "unknown-setting",
            row.place("Name"),
            f'There is no setting "{name}". Did you mean "{near}"?',
            f"Write {near}, or delete the row.",
        )
    else:
        findings.notice("unknown-setting", row.place("Name"), f'There is no setting "{name}"; the row was not read.')


def _signs(name: str) -> str:
    return spelling(name).removeprefix(without_signs(spelling(name)))


def _value(setting: Setting, row: Row, findings: Findings, date1904: bool) -> Any:
    place = row.place("Value")
    read = read_cell(row.cell("Value"), _want(setting, date1904))
    if isinstance(read, Fault):
        if "Value" not in row.broken:
            findings.error(read.code, place, f"{setting.name}: {read.message}", read.advice)
        return None
    if isinstance(read, BarePercent):
        points = are_points(setting.name, [Entry("", read.number, bare=True)], sums_to_one=False)
        if points or formats_are_known(row.region):
            report_reading(findings, place, setting.name, [read], points)
        read = share_of(read, points)
    if isinstance(read, float) and not check_limit(
        findings, place, setting.name, setting.kind, read, setting.least, setting.greatest
    ):
        return None
    if setting.name == "Logo" and isinstance(read, str) and not PICTURE_NAME.fullmatch(read):
        findings.error(
            "logo",
            place,
            f'Logo: "{read}" is not the plain name of a PNG or JPEG file.',
            "Put the picture into the workbook's own folder and write its name, such as logo.png.",
        )
        return None
    return read


def _want(setting: Setting, date1904: bool) -> Want:
    synonyms = {"Method": METHOD_SYNONYMS, DRIFT_MEASURE: DRIFT_MEASURE_SYNONYMS}.get(setting.name, ())
    return Want(setting.kind, setting.choices, synonyms, date1904=date1904)


def policy_fields(settings: Settings, as_of: date) -> dict[str, Any]:
    """The settings that fill fields of a policy."""
    found: dict[str, Any] = {"as_of": as_of}
    if settings.get(DRIFT_MEASURE) is not None:
        found["tracking"] = settings.get(DRIFT_MEASURE) == DRIFT_MEASURES[True]
    for setting in SETTINGS_ROWS:
        value = settings.get(setting.name)
        if not setting.policy_field or value is None or setting.policy_field == "as_of":
            continue
        if setting.kind is Kind.WHOLE:
            value = int(value)
        vocabulary = VOCABULARIES.get(setting.name)
        found[setting.policy_field] = vocabulary(value) if vocabulary else value
    return found
