"""Gains: each taxpayer's short and long net, its exact tax, its limits, and what losses are worth."""

import numpy as np

from rebal_xl.household import Term as HoldingTerm
from rebal_xl.optimize.collectible_rows import CollectibleNet
from rebal_xl.optimize.model import Model, Slack
from rebal_xl.optimize.prices import GAIN_LIMIT_PRICE, UNASKED_SHARE, PayerPrices
from rebal_xl.optimize.program import INFINITY, UNIT_USD, FloatArray, IntArray
from rebal_xl.optimize.taxfigures import Form, Range, TaxColumns, TaxConstants
from rebal_xl.optimize.taxrows import add_tax_rows
from rebal_xl.tax.model import ModelConstants


def tax_constants(constants: ModelConstants) -> TaxConstants:
    """The tax engine's constants in thousands of dollars."""

    def scaled(usd: float) -> float:
        return usd / UNIT_USD

    tops = [bracket.over_usd for bracket in constants.brackets[1:]] + [INFINITY]
    niit_room = constants.agi_usd - constants.niit_threshold_usd
    moving = tuple((scaled(k.gain_usd), scaled(k.taxable_usd), scaled(k.agi_usd)) for k in constants.moving)
    _, middle, high = constants.gain_rates
    return TaxConstants(
        ordinary=scaled(constants.ordinary_usd),
        qualified_dividends=scaled(constants.qualified_dividends_usd),
        brackets=tuple((scaled(top), bracket.rate) for top, bracket in zip(tops, constants.brackets, strict=True)),
        zero_top=scaled(constants.zero_rate_top_usd),
        fifteen_top=scaled(constants.fifteen_rate_top_usd),
        middle_rate=middle,
        high_extra=high - middle,
        top_of_24=scaled(constants.top_of_24_usd),
        collectibles_rate=constants.collectibles_rate,
        long_carried=scaled(constants.long_carryforward_usd),
        loss_limit=scaled(constants.loss_limit_usd),
        niit_base=scaled(min(constants.investment_income_usd, niit_room)),
        niit_rate=constants.niit_rate,
        moving=moving,
        niit_by_income=constants.niit_by_income,
        state_short=constants.state_short_rate,
        state_long=constants.state_long_rate,
        minimum_taxable=scaled(constants.minimum_taxable_usd),
        amt_exemption=scaled(constants.amt_exemption_usd),
        amt_most_added=scaled(constants.amt_most_added_usd),
        amt_start=scaled(constants.amt_phaseout_start_usd),
        amt_phaseout=constants.amt_phaseout_rate,
        amt_rates=constants.amt_rates,
        amt_28_over=scaled(constants.amt_28_over_usd),
    )


def add_gain_rows(model: Model) -> None:
    """One block per taxpayer who owns something taxable."""
    for name in sorted(model.prices.payers):
        _add_payer(model, name, model.prices.payers[name])


def _add_payer(model: Model, name: str, prices: PayerPrices) -> None:
    constants = prices.constants
    carried = {
        HoldingTerm.SHORT: constants.short_start_usd / UNIT_USD,
        HoldingTerm.LONG: constants.long_start_usd / UNIT_USD,
    }
    columns: dict[HoldingTerm, int] = {}
    bounds: dict[HoldingTerm, tuple[float, float]] = {}
    for term in HoldingTerm:
        columns[term], bounds[term] = _add_net(model, name, term, carried[term])
    model.short[name], model.long[name] = columns[HoldingTerm.SHORT], columns[HoldingTerm.LONG]
    reach = Range(*bounds[HoldingTerm.SHORT], *bounds[HoldingTerm.LONG])
    block = add_tax_rows(
        model.program, name, tax_constants(constants), model.short[name], model.long[name], reach,
        _collectible_net(model, name),
    )  # fmt: skip
    model.tax[name] = block
    losses, gains = _loss_terms(model, name, qualifying=False), _credited_terms(model, name)
    net = model.program.add_column(f"tax cost {name}", -INFINITY)
    model.net_cost[name] = net
    _add_net_cost(model, name, net, prices, block, (model.short[name], model.long[name]), losses, gains)
    _add_counted(model, name, net, prices)
    if not model.prices.net_in_full:
        _add_limits(model, name, prices, block.tax)


def _add_net(
    model: Model, name: str, term: HoldingTerm, start: float, *, harvest: bool = False
) -> tuple[int, tuple[float, float]]:
    """Short or long net of the year: what is realised and carried in, plus what the plan realises and may deduct.

    With `harvest`, only the losses that may be taken for their own sake.
    """
    mine = _units_of(model, name, term, harvest)
    return _add_sum(model, f"{term.value} {'harvest' if harvest else 'net'} {name}", mine, start)


def _units_of(model: Model, name: str, term: HoldingTerm, harvest: bool) -> list[int]:
    return [
        i
        for i, unit in enumerate(model.choices.units)
        if unit.payer == name and unit.term is term and (unit.qualifies if harvest else unit.gain_rate != 0)
    ]


def _collectible_net(model: Model, name: str, *, harvest: bool = False) -> CollectibleNet | None:
    """What the plan realises on collectibles held long; None where there is no gain on any."""
    units, household = model.choices.units, model.household
    mine = [
        i for i in _units_of(model, name, HoldingTerm.LONG, harvest) if household.security(units[i].symbol).collectible
    ]
    if all(units[i].at_loss for i in mine):
        return None
    column, (low, high) = _add_sum(model, f"Collectible {'harvest' if harvest else 'net'} {name}", mine, 0.0)
    return CollectibleNet(column, low, high)


def _add_sum(model: Model, label: str, mine: list[int], start: float) -> tuple[int, tuple[float, float]]:
    """A column of `start` plus what some units realise, losses that are washed left out, and its reach."""
    units = model.choices.units
    rates = np.array([units[i].gain_rate for i in mine])
    gains = rates * model.unit_values[mine] if mine else np.zeros(0)
    low, high = start + float(gains[gains < 0].sum()), start + float(gains[gains > 0].sum())
    column = model.program.add_column(label, low, high)
    washed = [(model.washed[i], units[i].gain_rate) for i in mine if i in model.washed]
    terms: list[tuple[int | IntArray, FloatArray | float]] = [(column, 1.0), (model.sold[mine], -rates)]
    terms += [(washed_column, rate) for washed_column, rate in washed]
    model.program.add_row(label, start, start, *terms)
    return column, (low, high)


def start_cost(prices: PayerPrices) -> float:
    """The year's bill less the value of losses carried, without the plan, thousands of dollars.

    Less the constant of the plan's own tax, too, which the rows do not hold.
    """
    before = prices.before.total_usd - prices.constants.state_constant_usd
    return (before - prices.carry * prices.carried_usd) / UNIT_USD


def _loss_terms(model: Model, name: str, *, qualifying: bool) -> Form:
    """Losses that may be deducted, as positive dollars; only the `qualifying` ones when asked."""
    form: Form = []
    for index, unit in enumerate(model.choices.units):
        if unit.payer == name and unit.at_loss and (unit.qualifies or not qualifying):
            form.append((int(model.sold[index]), -unit.gain_rate))
            if index in model.washed:
                form.append((model.washed[index], unit.gain_rate))
    return form


def _credited_terms(model: Model, name: str) -> Form:
    """Long gains whose higher basis is credited."""
    if not model.prices.gains_credited:
        return []
    return [
        (int(model.sold[index]), unit.gain_rate)
        for index, unit in enumerate(model.choices.units)
        if unit.payer == name and unit.term is HoldingTerm.LONG and unit.gain_rate > 0
    ]


def _add_net_cost(
    model: Model,
    name: str,
    net: int,
    prices: PayerPrices,
    block: TaxColumns,
    nets: tuple[int, int],
    losses: Form,
    gains: Form,
) -> None:
    """Tax now, less what carried losses are worth, plus what taken losses give up later, less what gains save then."""
    carried = [(block.income, -prices.carry), *((column, prices.carry) for column in nets)]
    later = [(column, prices.deferral * value) for column, value in losses]
    later += [(column, -prices.deferral * value) for column, value in gains]
    start = start_cost(prices)
    terms = [(column, -value) for column, value in [*block.tax, *carried, *later]]
    model.program.add_row(f"net cost {net} {name}", -start, -start, (net, 1.0), *terms)


def _add_counted(model: Model, name: str, net: int, prices: PayerPrices) -> None:
    """What of the net cost counts: all of it, or no more savings than may be had for their own sake."""
    counted = model.program.add_column(f"tax cost counted {name}", -INFINITY, INFINITY, 1.0)
    model.program.add_row(f"gains count in full {name}", 0.0, INFINITY, (counted, 1.0), (net, -1.0))
    small = [unit for unit in model.choices.units if unit.payer == name and unit.at_loss and not unit.qualifies]
    if model.prices.net_in_full or (model.prices.harvesting and not small):
        return
    floor = model.program.add_column(f"harvest cost {name}", -INFINITY)
    gains = _credited_terms(model, name)
    if model.prices.harvesting:
        short, short_reach = _add_net(
            model, name, HoldingTerm.SHORT, prices.constants.short_start_usd / UNIT_USD, harvest=True
        )
        long, long_reach = _add_net(
            model, name, HoldingTerm.LONG, prices.constants.long_start_usd / UNIT_USD, harvest=True
        )
        reach = Range(*short_reach, *long_reach)
        constants = tax_constants(prices.constants)
        block = add_tax_rows(
            model.program, f"{name}, harvest alone", constants, short, long, reach,
            _collectible_net(model, name, harvest=True),
        )  # fmt: skip
        losses = _loss_terms(model, name, qualifying=True)
        _add_net_cost(model, name, floor, prices, block, (short, long), losses, gains)
    else:
        credit = [(column, prices.deferral * value) for column, value in gains]
        model.program.add_row(f"gain credit {name}", 0.0, 0.0, (floor, 1.0), *credit)
    model.program.add_row(
        f"unasked savings hardly count {name}", 0.0, INFINITY,
        (counted, 1.0), (net, -UNASKED_SHARE), (floor, UNASKED_SHARE - 1.0),
    )  # fmt: skip


def _add_limits(model: Model, name: str, prices: PayerPrices, tax: Form) -> None:
    """The advisor's limits on this plan's net gains and on its tax; they give way last but for nothing else."""
    profile, constants = prices.profile, prices.constants
    for rule, limit, column, start in (
        ("short gains", profile.short_gain_limit_usd, model.short[name], constants.short_start_usd),
        ("long gains", profile.long_gain_limit_usd, model.long[name], constants.long_start_usd),
    ):
        if limit is not None:
            over = model.program.add_column(f"{rule} over {name}", 0.0, INFINITY, GAIN_LIMIT_PRICE)
            model.slacks.append(Slack(rule, name, over))
            top = (start + limit) / UNIT_USD
            model.program.add_row(f"{rule} limit {name}", -INFINITY, top, (column, 1.0), (over, -1.0))
    if profile.tax_budget_usd is not None:
        over = model.program.add_column(f"tax budget over {name}", 0.0, INFINITY, GAIN_LIMIT_PRICE)
        model.slacks.append(Slack("tax budget", name, over))
        top = (prices.before.total_usd + profile.tax_budget_usd - constants.state_constant_usd) / UNIT_USD
        model.program.add_row(f"tax budget {name}", -INFINITY, top, *tax, (over, -1.0))
