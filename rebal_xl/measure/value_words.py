"""The year so far in sentences: the headline, what stands behind it, and how to read it."""

from rebal_xl.household import Policy, ValueSoFar
from rebal_xl.words import count, dollars, percent

# Basis points in one.
BASIS_POINTS = 10_000.0


def headline(value: ValueSoFar) -> str:
    """What the advice was worth, in one or two sentences; plainly where it cost more than the ordinary way."""
    if not value.runs:
        return f"Nothing is counted for {value.year} yet: mark the runs that were carried out as done on the Run Log."
    own, worth = value.own, value.worth_usd
    hifo = value.hifo.kept_usd + value.location_usd
    runs = f"{count(len(value.runs), 'rebalance')} carried out {'is' if len(value.runs) == 1 else 'are'}"
    if worth >= 0.0:
        said = (
            f"{runs} worth {dollars(worth)} against each account's own lot method "
            f"({dollars(hifo)} against highest cost first)"
        )
    else:
        said = (
            f"the advice cost {dollars(-worth)} more than the ordinary way by each account's own lot method "
            f"({dollars(abs(hifo))} {'less' if hifo > 0.0 else 'more'} than by highest cost first)"
        )
    less = "saved this year" if own.saved_usd >= 0.0 else "paid more this year"
    later = "to be given back later" if own.later_usd >= 0.0 else "less tax left for later"
    parts = [f"{dollars(abs(own.saved_usd))} of tax {less}", f"{dollars(abs(own.later_usd))} {later}"]
    if round(value.location_usd, 2):
        parts.append(
            f"{dollars(abs(value.location_usd))} {'saved' if value.location_usd > 0.0 else 'lost'} by location"
        )
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"In {value.year} so far, {said}: {listed}. Estimates, hypothetical, before advisory fees."


def reading(value: ValueSoFar, policy: Policy | None = None) -> tuple[str, ...]:
    """How to read the figures: what they are, and what they are not. `policy` tells today's horizon and rate."""
    told = [
        "Each run is held against the ordinary way on its own day: the same household rebalanced account by account, "
        "by each account's own lot method or highest cost first (HIFO); a run that only harvests or relocates against "
        "doing nothing. The year is the sum of these differences of single rebalances, not a simulated other history.",
        "Tax saved by harvesting losses or by not realizing gains is put off, not gone. Given back later is today's "
        "worth of the later tax that the plan leaves beyond the ordinary way, at each run's later tax rate, discounted "
        f"over its horizon{_horizon(policy)}; losses carried forward are credited at the same rate. What is never "
        "sold, or is left to heirs or to charity, is given back less.",
        "Wash sales avoided are losses, not tax: the tax is in the saving already. Losses taken are not added to it "
        "either.",
        "Location is the yearly cost of the placement above the best one of the same mix, before less after each run, "
        "counted by the day since; it is no difference to the ordinary way.",
        "Runs and fills count up to the as-of day. Tax was figured on the tax profile of each run's day: it adds up "
        "when the gains realized so far were kept up to date.",
    ]
    if any(run.by_fills for run in value.runs):
        told.append(
            "Runs with fills count as far as they were filled: gains lot by lot at the prices paid, and the same part "
            f"of the ordinary way. Against the plans' prices the fills were {slippage(value)}; the market moving "
            "between plan and fill is in that, and it is not part of the worth."
        )
    return tuple(told)


def slippage(value: ValueSoFar) -> str:
    """Dollars that fills were better or worse, and basis points of what was traded."""
    usd = value.slippage_usd
    if round(usd, 2) == 0.0:
        return "neither better nor worse"
    points = abs(usd) / value.filled_usd * BASIS_POINTS if value.filled_usd > 0.0 else 0.0
    return f"{dollars(abs(usd))} {'worse' if usd > 0.0 else 'better'} ({points:.1f} basis points of what was traded)"


def not_counted(value: ValueSoFar) -> tuple[str, ...]:
    """What the log holds beside the runs counted, and what should be looked at."""
    told = []
    if value.proposed:
        told.append(f"{count(value.proposed, 'run')} of the year proposed and not counted.")
    if value.dropped:
        told.append(f"{count(value.dropped, 'run')} of the year dropped and not counted.")
    return (*told, *value.notes)


def _horizon(policy: Policy | None) -> str:
    if policy is None:
        return ""
    return f" (now {policy.horizon_years:g} years at {percent(policy.discount_rate)} a year)"
