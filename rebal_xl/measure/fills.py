"""Fills held against the orders of a plan: how far it was carried out, and the gains, lot by lot, at their prices."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from rebal_xl.household import Fill, Household, RunEntry, RunOrder, Side, Term
from rebal_xl.tax.holding import term

# Shares that rounding leaves between fills and an order.
SHARES = 1e-6


@dataclass(frozen=True, slots=True)
class Filled:
    """A plan as far as it was filled, dollars."""

    # part filled (0..1) of the sales that are taxed (of all orders where none is), and of all orders, by plan dollars
    share: float
    order_share: float
    # net gains by term, after disallowed losses
    short_gain_usd: float
    long_gain_usd: float
    # losses before any is disallowed, and the disallowed part, positive
    losses_usd: float
    disallowed_usd: float
    # marginal rates times what these gains differ from the filled part of the plan's
    tax_of_difference_usd: float
    # dollars that fills were worse than the plan's prices (negative: better), and dollars filled
    slippage_usd: float
    filled_usd: float
    # orders with fills, such as "2 of 3"
    words: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Sums:
    """What adds up over the fills of a plan."""

    gains: dict[Term, float] = field(default_factory=lambda: {Term.SHORT: 0.0, Term.LONG: 0.0})
    losses: float = 0.0
    disallowed: float = 0.0
    rated: float = 0.0
    slippage: float = 0.0
    filled: float = 0.0
    # at the plan's prices: all orders, and the sales that are taxed
    done: float = 0.0
    done_taxed: float = 0.0
    notes: list[str] = field(default_factory=list)

    def realise(self, order: RunOrder, held: Term, gain_usd: float, disallowed_usd: float) -> None:
        """One lot's gain before wash sales, and what of a loss is disallowed."""
        disallowed = min(disallowed_usd, max(0.0, -gain_usd))
        self.gains[held] += gain_usd + disallowed
        self.losses += max(0.0, -gain_usd)
        self.disallowed += disallowed
        self.rated += _rate(order, held) * (gain_usd + disallowed)


def filled_plan(household: Household, run: RunEntry, fills: Sequence[Fill]) -> Filled:
    """How far the fills carry out the run's orders; each of them must be of an account, symbol and side it orders."""
    orders: dict[tuple[str, str, Side], list[RunOrder]] = defaultdict(list)
    for order in run.orders:
        orders[order.key].append(order)
    mine: dict[tuple[str, str, Side], list[Fill]] = defaultdict(list)
    for fill in fills:
        mine[fill.account, fill.symbol, fill.side].append(fill)
    sums = _Sums()
    for key, executions in mine.items():
        _add(household, orders[key], executions, sums)
    planned = sum(order.amount_usd for order in run.orders)
    taxed = [order for order in run.orders if _is_taxed(order)]
    planned_taxed = sum(order.amount_usd for order in taxed)
    order_share = sums.done / planned if planned > 0.0 else 0.0
    share = sums.done_taxed / planned_taxed if planned_taxed > 0.0 else order_share
    as_planned = share * sum(_rate(order, order.term) * _planned_gain_usd(order) for order in taxed)
    return Filled(
        share=share,
        order_share=order_share,
        short_gain_usd=sums.gains[Term.SHORT],
        long_gain_usd=sums.gains[Term.LONG],
        losses_usd=sums.losses,
        disallowed_usd=sums.disallowed,
        tax_of_difference_usd=sums.rated - as_planned,
        slippage_usd=sums.slippage,
        filled_usd=sums.filled,
        words=f"{len(mine)} of {len(orders)}",
        notes=tuple(sums.notes),
    )


def _add(household: Household, lots: Sequence[RunOrder], fills: Iterable[Fill], sums: _Sums) -> None:
    """The fills of one order, whose lots these are."""
    first = lots[0]
    left = [lot.quantity for lot in lots]
    room = ordered = sum(left)
    over = 0.0
    for fill in fills:
        counted = min(fill.quantity, max(0.0, room))
        over += fill.quantity - counted
        room -= counted
        for lot, quantity in _pieces(household, lots, left, fill, counted, sums):
            # a bond's price is per 100 of face, and a redemption fee is taken off: as in the plan
            unit = fill.price_usd * (lot.amount_usd / (lot.quantity * lot.price_usd)) if lot.price_usd > 0.0 else 0.0
            plan_unit = lot.amount_usd / lot.quantity
            sums.filled += quantity * unit
            sums.done += quantity * plan_unit
            worse = unit - plan_unit if fill.side is Side.BUY else plan_unit - unit
            sums.slippage += quantity * worse
            if _is_taxed(lot):
                sums.done_taxed += quantity * plan_unit
                _realise(lot, quantity, quantity * unit, fill.filled, sums)
    if over > SHARES:
        sums.notes.append(
            f"Fills {first.side.value.lower()} {over:,.6g} shares of {first.symbol} in {first.account} more than the "
            f"{ordered:,.6g} ordered: these are not counted."
        )


def _pieces(
    household: Household, lots: Sequence[RunOrder], left: list[float], fill: Fill, quantity: float, sums: _Sums
) -> Iterator[tuple[RunOrder, float]]:
    """The lots that a fill takes: the one it names, else every lot of the plan in proportion to what is left of it."""
    if quantity <= 0.0:
        return
    if fill.lot_id and fill.side is Side.SELL:
        for number, lot in enumerate(lots):
            if lot.lot_id == fill.lot_id:
                left[number] = max(0.0, left[number] - quantity)
                yield lot, quantity
                return
        _take(left, quantity)
        yield _other_lot(household, lots, fill, sums), quantity
        return
    total, ordered = sum(left), sum(lot.quantity for lot in lots)
    shares = [each / total for each in left] if total > SHARES else [lot.quantity / ordered for lot in lots]
    for number, (lot, share) in enumerate(zip(lots, shares, strict=True)):
        left[number] -= quantity * share
        if share > 0.0:
            yield lot, quantity * share


def _take(left: list[float], quantity: float) -> None:
    """Take shares of a lot outside the plan off all of its lots, in proportion."""
    total = sum(left)
    for number, each in enumerate(left):
        left[number] = each - quantity * each / total if total > SHARES else 0.0


def _other_lot(household: Household, lots: Sequence[RunOrder], fill: Fill, sums: _Sums) -> RunOrder:
    """A lot that the plan did not sell, from Holdings; without basis where nobody knows it any more."""
    like = next((lot for lot in lots if _is_taxed(lot)), lots[0])
    held = next((lot for lot in household.held(fill.account, fill.symbol) if lot.lot_id == fill.lot_id), None)
    basis = acquired = None
    if held is not None and held.basis_usd is not None and held.quantity > 0.0:
        basis, acquired = held.basis_usd / held.quantity * like.quantity, held.acquired
    elif _is_taxed(like):
        sums.notes.append(
            f"The fill of {fill.symbol} in {fill.account} on {fill.filled:%m/%d/%Y} names the lot {fill.lot_id}, which "
            "neither the plan nor Holdings knows: its gain is not counted."
        )
    return RunOrder(
        like.fingerprint, like.account, like.side, like.symbol, like.quantity, like.price_usd, like.amount_usd,
        fill.lot_id, acquired, None, basis, 0.0, like.short_rate, like.long_rate,
    )  # fmt: skip


def _realise(lot: RunOrder, quantity: float, proceeds_usd: float, filled: date, sums: _Sums) -> None:
    if lot.basis_usd is None:
        return
    part = quantity / lot.quantity
    held = lot.term
    # time between plan and fill makes gains long-term, never short-term
    if held is not Term.LONG and lot.acquired is not None:
        held = term(lot.acquired, filled)
    sums.realise(lot, held or Term.SHORT, proceeds_usd - part * lot.basis_usd, part * lot.disallowed_usd)


def _is_taxed(order: RunOrder) -> bool:
    return order.side is Side.SELL and order.short_rate is not None


def _rate(order: RunOrder, held: Term | None) -> float:
    rate = order.long_rate if held is Term.LONG else order.short_rate
    return rate or 0.0


def _planned_gain_usd(order: RunOrder) -> float:
    """Gain of the plan after wash sales, dollars."""
    return 0.0 if order.basis_usd is None else order.amount_usd - order.basis_usd + order.disallowed_usd
