"""The household's program: its columns, the facts its rules share, and the slacks that say which rule gave way."""

from dataclasses import dataclass, field

import numpy as np

from rebal_xl.household import Drift, Household, Policy
from rebal_xl.measure.tradable import FRACTION, traded
from rebal_xl.optimize.choices import Choices, find_choices
from rebal_xl.optimize.methods import only_typed
from rebal_xl.optimize.prices import Prices, find_prices, rank_price
from rebal_xl.optimize.program import UNIT_USD, FloatArray, IntArray, Program
from rebal_xl.optimize.taxfigures import TaxColumns


@dataclass(frozen=True, slots=True)
class Slack:
    """A column that measures by how much a rule is broken."""

    # kind of rule: withdrawal, reserve, band, drift cap, tracking error, without target, short gains, long gains,
    # tax budget
    rule: str
    # account, class or taxpayer
    which: str
    column: int
    # +1 above, -1 below the limit
    side: int = 1


@dataclass(slots=True)
class Model:
    """Everything the rules add their rows to. Money in thousands of dollars."""

    household: Household
    policy: Policy
    choices: Choices
    prices: Prices
    before: Drift
    # room kept for rounding fractional orders to a thousandth of a share, thousand dollars; 0 in the proof
    margin: float = 0.0
    # whether its answer is rounded to orders, not a proof about divisible ones
    orderable: bool = False
    # classes that may be bought beyond the usual (see beyond.py)
    beyond: frozenset[str] = frozenset()
    # families of identical securities whose washed lots are held to the order of the law (the rest is a bound)
    in_order: frozenset[tuple[str, str]] = frozenset()
    program: Program = field(default_factory=Program)
    # amounts sold per unit, washed per loss unit (index of unit -> column), bought per pair
    sold: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    washed: dict[int, int] = field(default_factory=dict)
    bought: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    # (account, symbol) of each position that may be sold, and the position of each unit
    positions: list[tuple[str, str]] = field(default_factory=list)
    position_of: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    # order flags per position and per pair
    sells: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    buys: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    # names of the accounts that may be traded, their cash columns
    accounts: list[str] = field(default_factory=list)
    cash: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    # dollars of each class after trading, where some rule looks at them
    class_after: dict[str, int] = field(default_factory=dict)
    # withdrawal columns: (request number, account) -> column
    paid: dict[tuple[int, str], int] = field(default_factory=dict)
    # most that each of them may pay
    most_paid: dict[tuple[int, str], float] = field(default_factory=dict)
    # per taxpayer: columns of short and long net, tax block, cost
    short: dict[str, int] = field(default_factory=dict)
    long: dict[str, int] = field(default_factory=dict)
    tax: dict[str, TaxColumns] = field(default_factory=dict)
    # true tax cost of the plan (before unasked losses are discounted) per taxpayer
    net_cost: dict[str, int] = field(default_factory=dict)
    slacks: list[Slack] = field(default_factory=list)
    # value of each sell unit
    unit_values: FloatArray = field(init=False)
    # most that may be bought of each pair, thousand dollars
    caps: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.unit_values = np.array([unit.value_usd for unit in self.choices.units]) / UNIT_USD
        classes = {security.symbol: security.main_class for security in self.household.securities}
        caps = [pair.cap_usd if classes[pair.symbol] in self.beyond else pair.usual_usd for pair in self.choices.buys]
        self.caps = np.array(caps) / UNIT_USD


def start_model(
    household: Household, policy: Policy, before: Drift, beyond: frozenset[str], like: Model | None = None
) -> Model:
    """Facts and amount columns; the rules add the rest.

    Classes `beyond` may be bought beyond the usual. `like` is another model of the same household and policy, whose
    choices and prices are taken over.
    """
    choices = find_choices(household, policy) if like is None else like.choices
    prices = find_prices(household, policy, choices.units) if like is None else like.prices
    model = Model(household, policy, choices, prices, before, beyond=beyond)
    model.accounts = [account.name for account in household.accounts if traded(account)]
    _add_amounts(model)
    return model


def rounding_room_usd(household: Household) -> float:
    """What rounding every fractional order to a thousandth of a share may move at most, dollars."""
    return sum(security.unit_usd for security in household.securities if security.lot_size == 0) * FRACTION


def _add_amounts(model: Model) -> None:
    units, buys = model.choices.units, model.choices.buys
    household, policy = model.household, model.policy
    model.positions = sorted({(unit.account, unit.symbol) for unit in units})
    place = {position: index for index, position in enumerate(model.positions)}
    model.position_of = np.array([place[unit.account, unit.symbol] for unit in units], dtype=np.int64)
    spread = {security.symbol: security.spread_bp * 1e-4 for security in household.securities}
    fee = {security.symbol: security.redemption_fee for security in household.securities}
    model.sold = model.program.add_columns(
        "sold",
        len(units),
        0.0,
        model.unit_values,
        np.array([spread[unit.symbol] + fee[unit.symbol] for unit in units]),
    )
    ranks = np.array(
        [rank_price(household.security(pair.symbol), household.account(pair.account).treatment) for pair in buys]
    )
    if only_typed(policy):
        ranks *= 0.0
    model.bought = model.program.add_columns(
        "bought",
        len(buys),
        0.0,
        model.caps,
        np.array([spread[pair.symbol] for pair in buys]) + ranks,
    )
