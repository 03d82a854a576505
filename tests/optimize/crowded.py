"""Random households on which every rule speaks at once: three to ten accounts, about 40, 250 or 2,000 lots.

Locks, menus, ranks, ranges to hold, gifts and inheritances, purchases and losses of the last weeks, reserves, flows at
every level, limits on gains and tax, two return types and trusts. Made up within plausible ranges; the same size and
seed give the same household on any machine. Collectibles and states' own rules are left out.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp
from random import Random

from rebal_xl.household import (
    Account,
    BandType,
    FilingStatus,
    Household,
    Lot,
    LotSource,
    Policy,
    RecentTrade,
    Security,
    Side,
    Target,
    TaxProfile,
    TaxTreatment,
    Term,
)
from tests.optimize.crowded_policy import AS_OF, MARKETS, MUNICIPAL, draw_policy, some

LOTS = {"small": 40, "medium": 250, "large": 2_000}
ACCOUNTS = {"small": (3, 4), "medium": (5, 7), "large": (8, 10)}
CLASSES = {"small": 5, "medium": 9, "large": 13}
SECURITIES = {"small": 16, "medium": 36, "large": 60}
WORTH = {"small": 900_000.0, "medium": 3_000_000.0, "large": 9_000_000.0}
COUPLE, LEE, TRUST, LIVING = "Pat and Lee", "Lee", "Family Trust", "Living Trust"
_PLACES = (
    ("Joint", TaxTreatment.TAXABLE, COUPLE, "Pat"),
    ("Pat IRA", TaxTreatment.TAX_DEFERRED, COUPLE, "Pat"),
    ("Lee Roth", TaxTreatment.ROTH, COUPLE, "Lee"),
    ("Family Trust", TaxTreatment.TAXABLE, TRUST, "Pat"),
    ("Plan", TaxTreatment.TAX_DEFERRED, COUPLE, "Lee"),
    ("Lee", TaxTreatment.TAXABLE, LEE, "Lee"),
    ("Living Trust", TaxTreatment.TAXABLE, LIVING, "Lee"),
    ("HSA", TaxTreatment.HSA, COUPLE, "Pat"),
    ("Lee IRA", TaxTreatment.TAX_DEFERRED, COUPLE, "Lee"),
    ("Old 401(k)", TaxTreatment.TAX_DEFERRED, COUPLE, "Pat"),
)


@dataclass(frozen=True)
class Crowded:
    """A household and what is wanted of it."""

    size: str
    seed: int
    household: Household
    policy: Policy


def crowded(size: str, seed: int) -> Crowded:
    """The household of a size ("small", "medium" or "large") and seed."""
    draw = Random(f"{size} {seed}")
    places = _PLACES[: draw.randint(*ACCOUNTS[size])]
    classes = list(MARKETS)[: CLASSES[size]]
    worth = WORTH[size] * exp(draw.gauss(0.0, 0.4))
    securities = _securities(draw, classes, SECURITIES[size])
    accounts = _accounts(draw, places, securities, worth)
    targets = _targets(draw, classes)
    lots = _lots(draw, accounts, securities, targets, worth, LOTS[size])
    household = Household(
        accounts=accounts,
        lots=lots,
        securities=securities,
        taxpayers=_taxpayers(draw, {payer for _, _, payer, _ in places}, worth),
        recent_trades=_recent_trades(draw, securities, lots),
        name=f"crowded {size} {seed}",
    )
    return Crowded(size, seed, household, draw_policy(draw, household, targets, worth))


def _securities(draw: Random, classes: list[str], count: int) -> tuple[Security, ...]:
    found = [_security(draw, place, classes[place % len(classes)], classes) for place in range(count)]
    # its replacement is the next of its class
    partner = {place: found[place + len(classes)].symbol for place in range(count - len(classes))}
    return tuple(
        replace(security, replacement=partner[place]) if place in partner and some(draw, 0.5) else security
        for place, security in enumerate(found)
    )


def _security(draw: Random, place: int, name: str, classes: list[str]) -> Security:
    yearly, qualified, turnover, growth, _ = MARKETS[name]
    layer = place // len(classes)
    mix = [(name, 1.0)]
    if layer == 2 and some(draw, 0.4):
        other = draw.choice([each for each in classes if each != name])
        mix = [(name, 0.6), (other, 0.4)]
    exempt = 1.0 if name == MUNICIPAL else 0.0
    # the first two of a class are ranked, so that nothing else of it is bought outside of menus
    rank = layer + 1 if layer < 2 else draw.choice((None, None, 0))
    symbol = f"{''.join(word[0] for word in name.split())}{place:02d}"
    return Security(
        symbol=symbol,
        price_usd=round(exp(draw.gauss(4.2, 0.7)), 2),
        class_mix=tuple(mix),
        name=f"{name} {place}",
        price_as_of=AS_OF,
        lot_size=0.0 if layer == 1 else draw.choice((1.0, 1.0, 1.0, 10.0)) if layer else 1.0,
        identical_group=name if layer in (0, 2) and some(draw, 0.5) else "",
        rank_taxable=rank,
        rank_deferred=0 if exempt else rank,
        rank_roth=rank if some(draw, 0.7) else None,
        do_not_buy=layer >= 2 and some(draw, 0.1),
        yield_rate=round(yearly * draw.uniform(0.8, 1.2), 4),
        qualified_share=qualified,
        exempt_share=exempt,
        state_exempt_share=1.0 if exempt and some(draw, 0.5) else 0.0,
        qbi_share=0.9 if name == "Real Estate" else 0.0,
        turnover_rate=turnover if some(draw, 0.4) else 0.0,
        growth_rate=growth,
        spread_bp=draw.choice((1.0, 3.0, 8.0)),
        redemption_fee=0.01 if layer >= 2 and some(draw, 0.1) else 0.0,
    )


def _accounts(
    draw: Random, places: tuple[tuple[str, TaxTreatment, str, str], ...], securities: tuple[Security, ...], worth: float
) -> tuple[Account, ...]:
    weights = [draw.uniform(0.5, 2.0) * (3.0 if place < 2 else 1.0) for place in range(len(places))]
    found = []
    for place, ((name, treatment, payer, owner), weight) in enumerate(zip(places, weights, strict=True)):
        value = worth * weight / sum(weights)
        menu = None
        if name == "Plan":
            menu = frozenset(each.symbol for each in securities if some(draw, 0.4) and not each.exempt_share)
        last = place == len(places) - 1 and len(places) > 4
        found.append(
            Account(
                name=name,
                treatment=treatment,
                owner=owner,
                taxpayer=payer,
                counts_in_target=not (last and some(draw, 0.2)),
                cash_usd=round(value * draw.uniform(-0.002, 0.06), 2),
                reserve_usd=draw.choice((0.0, 500.0, round(0.01 * value, 2))),
                reserve_weight=draw.choice((0.0, 0.0, 0.01)),
                locked=last and some(draw, 0.25),
                menu=menu,
                fractional=some(draw, 0.2),
                rmd_usd=round(0.02 * value, 2) if treatment is TaxTreatment.TAX_DEFERRED and some(draw, 0.2) else 0.0,
                wash_group="Lee" if name == "Lee" and some(draw, 0.3) else "",
                contribution_usd=round(0.01 * value, 2) if some(draw, 0.15) else 0.0,
            )
        )
    return tuple(found)


def _targets(draw: Random, classes: list[str]) -> tuple[Target, ...]:
    """Every kind of band; now and then the last class has none, or is to go altogether."""
    points = {name: draw.uniform(0.3, 1.0) * (3.0 if name in ("US Large", "US Bonds") else 1.0) for name in classes}
    last = classes[-1]
    if some(draw, 0.4):
        points[last] = 0.0
    whole = sum(points.values())
    found = []
    for name, point in points.items():
        weight = round(0.98 * point / whole, 3)
        if not weight and some(draw, 0.5):
            continue
        kind = draw.choice((BandType.RELATIVE, BandType.RELATIVE, BandType.ABSOLUTE, BandType.FIVE_TWENTYFIVE))
        trigger = draw.choice((0.01, 0.02, 0.03)) if kind is BandType.ABSOLUTE else draw.choice((None, 0.15, 0.25))
        found.append(
            Target(
                name,
                weight,
                kind,
                trigger=trigger,
                destination=None if trigger is None or some(draw, 0.5) else trigger * draw.choice((0.25, 0.75)),
                floor=round(0.9 * weight, 3) if some(draw, 0.1) else None,
            )
        )
    if some(draw, 0.7):
        rest = round(1.0 - sum(target.weight for target in found), 3)
        found.append(Target("Cash", rest, BandType.ABSOLUTE, trigger=0.02, destination=0.015))
    return tuple(found)


def _lots(
    draw: Random,
    accounts: tuple[Account, ...],
    securities: tuple[Security, ...],
    targets: tuple[Target, ...],
    worth: float,
    count: int,
) -> tuple[Lot, ...]:
    """Holdings that have drifted, in more lots where gains are taxed."""
    drifted = {target.asset_class: (target.weight + 0.005) * exp(draw.gauss(0.0, 0.3)) for target in targets}
    parts = {account.name: draw.uniform(0.6, 1.4) * (2.0 if account.taxable else 0.7) for account in accounts}
    shares = {account.name: draw.uniform(0.5, 1.5) * (2.0 if account.name in ("Joint", "Pat IRA") else 1.0)
              for account in accounts}  # fmt: skip
    found: list[Lot] = []
    for account in accounts:
        number = max(3, round(count * parts[account.name] / sum(parts.values())))
        value = 0.96 * worth * shares[account.name] / sum(shares.values())
        fit = [each for each in securities if not each.exempt_share or account.taxable]
        held = draw.sample(fit, k=min(len(fit), max(2, min(number // 2, round(0.6 * len(fit))))))
        weights = [drifted.get(each.main_class, 0.01) * draw.uniform(0.2, 1.8) for each in held]
        lots = [held[place % len(held)] for place in range(number)]
        sizes = [weights[place % len(held)] * draw.uniform(0.2, 1.8) for place in range(number)]
        for security, size in zip(lots, sizes, strict=True):
            found += _lot(draw, account, security, value * size / sum(sizes), len(found))
    return tuple(_with_ranges(draw, found))


def _lot(draw: Random, account: Account, security: Security, usd: float, number: int) -> list[Lot]:
    quantity = usd / security.unit_usd
    whole = security.lot_size and not account.fractional and not some(draw, 0.1)
    quantity = float(int(quantity)) if whole else round(quantity, 3)
    if quantity <= 0.0:
        return []
    *_, growth, volatility = MARKETS[security.main_class]
    ages = ((1, 30), (31, 330), (331, 366), (367, 3_650))
    days = draw.randint(*draw.choices(ages, weights=(4, 18, 4, 74))[0])
    years = days / 365
    basis = min(3.0, exp(-growth * years - volatility * years**0.5 * draw.gauss(0.0, 1.0)))
    basis_usd = round(quantity * security.unit_usd * basis, 2)
    sources = (LotSource.BUY, LotSource.REINVESTED, LotSource.GIFT, LotSource.INHERITED, LotSource.TRANSFER)
    source = draw.choices(sources, weights=(80, 8, 5, 4, 3))[0]
    gift = source is LotSource.GIFT and some(draw, 0.5)
    acquired = AS_OF - timedelta(days=days)
    unknown = some(draw, 0.01)
    return [
        Lot(
            account=account.name,
            symbol=security.symbol,
            quantity=quantity,
            basis_usd=None if some(draw, 0.01) else basis_usd,
            acquired=None if unknown else acquired,
            custodian_term=Term.LONG if unknown and some(draw, 0.5) else None,
            source=source,
            locked=some(draw, 0.01),
            do_not_sell=some(draw, 0.02),
            gift_value_usd=round(basis_usd * draw.uniform(0.5, 1.1), 2) if gift else None,
            gifted=acquired + timedelta(days=days // 2) if gift else None,
            lot_id=f"L{number:04d}",
        )
    ]


def _with_ranges(draw: Random, lots: list[Lot]) -> list[Lot]:
    """A few positions may not fall below, or rise above, so many shares."""
    positions = sorted({(lot.account, lot.symbol) for lot in lots})
    low = {position for position in positions if some(draw, 0.04)}
    high = {position for position in positions if some(draw, 0.04)}
    total = dict.fromkeys(positions, 0.0)
    for lot in lots:
        total[lot.account, lot.symbol] += lot.quantity
    found = []
    for lot in lots:
        position = (lot.account, lot.symbol)
        least = float(int(0.5 * total[position])) if position in low else None
        most = float(int(1.2 * total[position])) if position in high else None
        found.append(replace(lot, min_hold=least, max_hold=most))
    return found


def _taxpayers(draw: Random, payers: set[str], worth: float) -> tuple[TaxProfile, ...]:
    status = {
        COUPLE: FilingStatus.MFS
        if LEE in payers
        else draw.choice((FilingStatus.MFJ, FilingStatus.MFJ, FilingStatus.HOH)),
        LEE: FilingStatus.MFS,
        TRUST: FilingStatus.TRUST,
        LIVING: FilingStatus.GRANTOR_TRUST,
    }
    return tuple(_profile(draw, name, status[name], worth) for name in status if name in payers)


def _profile(draw: Random, name: str, status: FilingStatus, worth: float) -> TaxProfile:
    trust = status is FilingStatus.TRUST
    income = 10_000.0 if trust else round(exp(draw.gauss(12.2, 0.8)))
    state = draw.choice((0.0, 0.05, 0.093))
    old = not trust and some(draw, 0.3)
    return TaxProfile(
        name,
        status,
        ordinary_income_usd=round(0.95 * income),
        qualified_dividends_usd=round(draw.choice((0.0, 0.05, 0.15)) * income),
        tax_exempt_interest_usd=1_500.0 if some(draw, 0.2) else 0.0,
        other_investment_income_usd=round(draw.choice((0.0, 0.04)) * income),
        social_security_usd=40_000.0 if old and some(draw, 0.5) else 0.0,
        itemized_deductions_usd=round(0.1 * income) if some(draw, 0.25) else None,
        state_local_tax_usd=round(0.06 * income) if some(draw, 0.5) else 0.0,
        aged_65=int(old),
        short_realized_usd=round(draw.gauss(0.0, 0.003) * worth),
        long_realized_usd=round(draw.gauss(0.0, 0.006) * worth),
        short_carryforward_usd=round(abs(draw.gauss(0.0, 0.004)) * worth) if some(draw, 0.25) else 0.0,
        long_carryforward_usd=round(abs(draw.gauss(0.0, 0.01)) * worth) if some(draw, 0.4) else 0.0,
        state_short_rate=state,
        state_long_rate=0.5 * state if some(draw, 0.2) else state,
        short_gain_limit_usd=draw.choice((None, None, 0.0, 5_000.0)),
        long_gain_limit_usd=draw.choice((None, None, 10_000.0, 40_000.0)),
        tax_budget_usd=draw.choice((None, None, None, 1_000.0, 10_000.0)),
        future_gain_rate=draw.choice((None, None, 0.15, 0.238)),
        grantor=COUPLE if status is FilingStatus.GRANTOR_TRUST and some(draw, 0.5) else "",
    )


def _recent_trades(draw: Random, securities: tuple[Security, ...], lots: tuple[Lot, ...]) -> tuple[RecentTrade, ...]:
    """Sales around the edge of the window at a loss, a gain or with an unknown result, and purchases still held."""
    found = []
    for security in securities:
        if some(draw, 0.08):
            gain = draw.choice((-400.0, -400.0, 250.0, None))
            day = AS_OF - timedelta(days=draw.choice((1, 12, 30, 31, 45)))
            account = draw.choice(("Joint", "Joint", "Pat IRA"))
            found.append(RecentTrade(account, security.symbol, day, Side.SELL, 10.0, gain_usd=gain))
    for lot in lots:
        if lot.acquired and lot.source is LotSource.BUY and lot.acquired > AS_OF - timedelta(days=31):
            found.append(RecentTrade(lot.account, lot.symbol, lot.acquired, Side.BUY, lot.quantity))
    return tuple(found)
