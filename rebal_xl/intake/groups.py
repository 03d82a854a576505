"""Targets in groups: a row of Targets may be a group of classes, and the classes in it have weights of their group.

    Asset Class | Target % | Group
    Equity      | 60 %     |
    US          | 70 %     | Equity
    US Large    | 80 %     | Equity > US      60 % x 70 % x 80 % = 33.6 % of the household
    US Small    | 20 %     | US               the same group, written short

A word under Group that no row has under Asset Class is a word for reports, and says nothing of weights; where all
targets together sum to 100 %, every Group is such a word. The optimizer knows classes alone: a group is multiplied out,
and its band is that of the classes in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rebal_xl.household import BandType, Target
from rebal_xl.household.groups import INSIDE, group_path
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.classes import ROUNDING
from rebal_xl.intake.rows import Row, shown
from rebal_xl.intake.values import squeeze
from rebal_xl.sheets.schema import Kind

# class or group -> its target as written and its row
Written = Mapping[str, tuple[Target, Row]]
# class or group -> the groups it lies in, outermost first
Paths = Mapping[str, tuple[str, ...]]
BAND_COLUMNS = ("Trigger", "Destination", "Band Type")


def without_groups(written: Written, sheets: Sheets) -> Written:
    """The classes alone, with weights of the household and the full path of their groups.

    Where no row is a group of others, what is written is handed back. Every problem is reported.
    """
    if abs(sum(target.weight for target, _ in written.values()) - 1.0) <= ROUNDING:
        return written
    paths = _paths(written, sheets)
    groups = {path[-1] for path in paths.values() if path}
    if not groups:
        return written
    totals = {group: _total(group, paths, written, sheets) for group in sorted(groups)}

    def weight(name: str) -> float:
        own, path = written[name][0].weight, paths[name]
        return own / totals[path[-1]] * weight(path[-1]) if path else own

    found: dict[str, tuple[Target, Row]] = {}
    for name, (target, row) in written.items():
        if name in groups:
            _check_group(target, row, sheets)
        else:
            path = paths[name]
            banded = _with_band(target, row, path, written)
            found[name] = (replace(banded, weight=weight(name), group=INSIDE.join(path) or target.group), row)
    return found


def _paths(written: Written, sheets: Sheets) -> Paths:
    """Where everything lies; a group that contains itself, or that lies elsewhere than is said, is reported."""
    names = {squeeze(name): name for name in written}
    parents: dict[str, str | None] = {}
    for name, (target, row) in written.items():
        parts = group_path(target.group)
        parent = names.get(squeeze(parts[-1])) if parts else None
        # Cash in the group Cash is a class that reports call by its own name.
        parents[name] = None if parent == name else parent
        if parts and parent is None and any(squeeze(part) in names for part in parts):
            _report_path(name, f"no row of Targets is the group {parts[-1]}", row, sheets)
    paths: dict[str, tuple[str, ...]] = {}
    for name, (target, row) in written.items():
        chain, above = [name], parents[name]
        while above is not None and above not in chain:
            chain.append(above)
            above = parents[above]
        if above is not None:
            _report_cycle(above, chain, written, sheets)
            return dict.fromkeys(written, ())
        paths[name] = tuple(reversed(chain[1:]))
        said = tuple(map(squeeze, group_path(target.group)))
        if paths[name] and said != tuple(map(squeeze, paths[name]))[-len(said) :]:
            _report_path(name, f"the rows of its groups put it into {INSIDE.join(paths[name])}", row, sheets)
    return paths


def _report_path(name: str, why: str, row: Row, sheets: Sheets) -> None:
    sheets.findings.error(
        "group-path",
        row.place("Group"),
        f"{name} is said to be in the group {row.text('Group')}, but {why}.",
        "Write the groups as their own rows do, or add a row for the group with its target.",
    )


def _report_cycle(name: str, chain: Sequence[str], written: Written, sheets: Sheets) -> None:
    circle = [*chain[chain.index(name) :], name]
    sheets.findings.error(
        "group-cycle",
        written[name][1].place("Group"),
        f"The group {name} contains itself: {' in '.join(circle)}.",
        "Take one of these rows out of its group.",
    )


def _total(group: str, paths: Paths, written: Written, sheets: Sheets) -> float:
    """The sum of what lies directly in a group, 1 where it is wrong."""
    inside = [written[name] for name, path in paths.items() if path and path[-1] == group]
    total = sum(target.weight for target, _ in inside)
    if abs(total - 1.0) <= ROUNDING:
        return total
    sheets.findings.error(
        "group-total",
        inside[0][1].place("Target %"),
        f"The targets in the group {group} sum to {shown(Kind.PERCENT, total)}.",
        f"They are percents of {group}: let them sum to 100 %.",
    )
    return 1.0


def _check_group(target: Target, row: Row, sheets: Sheets) -> None:
    """What a class may have and a group may not."""
    if target.floor is not None:
        sheets.findings.error(
            "group-floor",
            row.place("Floor"),
            f"{target.asset_class} is a group of classes, which has no floor of its own.",
            "Give the floor to the classes in it.",
        )
    if target.band_type is BandType.ABSOLUTE and (target.trigger is not None or target.destination is not None):
        sheets.findings.notice(
            "group-band",
            row.place("Trigger" if target.trigger is not None else "Destination"),
            f"The band of the group {target.asset_class} is in points of the household and is not used: bands are "
            "kept class by class.",
            "Write a relative band, which every class in the group then has, or give the classes bands of their own.",
        )


def _with_band(target: Target, row: Row, path: Sequence[str], written: Written) -> Target:
    """A class without a band of its own has that of the nearest group with a band that is relative to the target."""
    if any(column in row.values for column in BAND_COLUMNS):
        return target
    for above in reversed(path):
        group, its_row = written[above]
        if group.band_type is not BandType.ABSOLUTE and any(column in its_row.values for column in BAND_COLUMNS):
            return replace(target, band_type=group.band_type, trigger=group.trigger, destination=group.destination)
    return target
