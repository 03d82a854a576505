"""Wash sales as a ledger: what became of every loss taken, and from which day on trading is safe again.

Built from what was traded and what is held (IRC 1091, Reg. 1.1091-1 and -2), day by day in order of sale, so that a
replacement sold at a loss in its turn carries what it took over. A custodian adjusts for the same account and security
only (Reg. 1.6045-1(d)(6)(iii)): its gains and bases hold those adjustments, and the ledger never adds them again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from rebal_xl.household import Account, Household, InputErrors, Lot, Problem, RecentTrade
from rebal_xl.tax.entries import ExpectedReinvestment, Ledger, LedgerSale, OtherSale, Replacement, SafeDates
from rebal_xl.tax.purchases import DUST, Bought, SoldPart, reconstruct
from rebal_xl.tax.wash import (
    WINDOW_DAYS,
    LossSale,
    Match,
    Purchase,
    Washed,
    first_safe_loss_sale,
    first_safe_rebuy,
    match,
)

__all__ = [
    "ExpectedReinvestment",
    "Ledger",
    "LedgerSale",
    "OtherSale",
    "Replacement",
    "SafeDates",
    "household_ledger",
    "wash_sales",
]

# dollars a share below which a loss is a rounding error
_NO_LOSS_USD = 1e-9
# wash group of the accounts and identical group of the securities: what washes what
Family = tuple[str, str]


def wash_sales(
    trades: Iterable[RecentTrade],
    lots: Iterable[Lot],
    groups: Mapping[str, str] | None = None,
    *,
    accounts: Iterable[Account],
    as_of: date,
    reinvestments_count: bool = True,
) -> Ledger:
    """The ledger of these trades, with the lots held on the as-of day; later trades are left out.

    `groups` names the identical group of a symbol (a symbol that is missing is alone); `accounts` gives the treatment
    and wash group of every account in `trades` and `lots`, spouse and IRAs included. InputErrors when one is missing.
    Gains are those of the custodian, before a loss is disallowed. Shares sold on the day of a loss replace nothing.
    """
    rows, held, known = list(trades), list(lots), {account.name: account for account in accounts}
    missing = sorted(({row.account for row in rows} | {lot.account for lot in held}) - set(known))
    if missing:
        raise InputErrors(
            [Problem(f"The account {name} has no tax treatment.", "Give it in `accounts`.") for name in missing]
        )
    bought, parts = reconstruct(rows, held, as_of, reinvestments_count=reinvestments_count)
    return _Books(dict(groups or {}), known, as_of, bought).run(parts)


def household_ledger(household: Household, as_of: date, *, reinvestments_count: bool = True) -> Ledger:
    """The ledger of a household, with the reinvestments that its securities' distributions lead to.

    Trades in accounts that the household does not have are left out.
    """
    known = {account.name for account in household.accounts}
    ledger = wash_sales(
        [trade for trade in household.recent_trades if trade.account in known],
        household.lots,
        {security.symbol: security.group for security in household.securities},
        accounts=household.accounts,
        as_of=as_of,
        reinvestments_count=reinvestments_count,
    )
    coming = _expected(household, ledger) if reinvestments_count else ()
    return replace(ledger, reinvestments=coming)


@dataclass(slots=True)
class _Piece:
    """Shares that are alike: bought before, and matched with the same loss or with none."""

    quantity: float
    # dollars a share that earlier wash sales add and that the custodian does not know
    added_usd: float = 0.0
    held_since: date | None = None


@dataclass(slots=True)
class _Stock:
    """What is left of one purchase on the day that the books have reached."""

    bought: Bought
    # shares that replace nothing yet
    free: float
    replacing: list[_Piece] = field(default_factory=list)

    def take(self, quantity: float) -> list[_Piece]:
        """Shares sold: those that replace others first, since their holding period is the longest."""
        taken: list[_Piece] = []
        while self.replacing and quantity > DUST:
            first = self.replacing[0]
            if first.quantity <= quantity + DUST:
                taken.append(self.replacing.pop(0))
            else:
                first.quantity -= quantity
                taken.append(_Piece(quantity, first.added_usd, first.held_since))
            quantity -= taken[-1].quantity
        if quantity > DUST:
            self.free -= quantity
            taken.append(_Piece(quantity))
        return taken


@dataclass(slots=True)
class _Loss:
    """A loss of the day with what the custodian says of it."""

    sale: LossSale
    # loss a share in the custodian's figures, never negative
    custodian_usd: float
    # dollars a share from earlier wash sales
    added_usd: float


class _Books:
    """The purchases as they stand from day to day, and the entries made so far."""

    def __init__(
        self, groups: Mapping[str, str], accounts: Mapping[str, Account], as_of: date, bought: Sequence[Bought]
    ) -> None:
        self.groups, self.accounts, self.as_of = groups, accounts, as_of
        self.stocks = {each.key: _Stock(each, each.quantity) for each in bought}
        self.of_family: dict[Family, list[_Stock]] = defaultdict(list)
        for stock in self.stocks.values():
            self.of_family[self._family(stock.bought.account, stock.bought.symbol)].append(stock)
        self.sales: list[LedgerSale] = []
        self.other: list[OtherSale] = []

    def run(self, parts: Iterable[SoldPart]) -> Ledger:
        """Go through the sales day by day."""
        for _, of_day in groupby(sorted(parts, key=_part_order), key=lambda part: part.trade.traded):
            losses = [loss for part in of_day for loss in self._sell(part)]
            replacing = self._purchases({(loss.sale.wash_group, loss.sale.group) for loss in losses})
            found = zip(losses, match([loss.sale for loss in losses], replacing), strict=True)
            self.sales += [self._enter(loss, washed) for loss, washed in found]
        others = sorted(self.other, key=_other_order)
        return Ledger(
            as_of=self.as_of,
            sales=tuple(sorted(self.sales, key=_entry_order)),
            unknown=tuple(sale for sale in others if sale.gain_usd is None),
            smaller_gains=tuple(sale for sale in others if sale.gain_usd is not None),
            dates=self._dates(),
        )

    def _family(self, account: str, symbol: str) -> Family:
        return (self.accounts[account].wash_group, self.groups.get(symbol) or symbol)

    def _sell(self, part: SoldPart) -> list[_Loss]:
        """Take the shares out of their purchase; the losses among them."""
        trade = part.trade
        pieces = self.stocks[part.bought].take(part.quantity) if part.bought else [_Piece(part.quantity)]
        if not self.accounts[trade.account].taxable:
            return []
        wash_group, group = self._family(trade.account, trade.symbol)
        gain = None if trade.gain_usd is None else trade.gain_usd / trade.quantity
        losses = []
        for piece in pieces:
            if gain is None or piece.added_usd - gain <= _NO_LOSS_USD:
                self._note(trade, group, piece, gain)
                continue
            sale = LossSale(
                account=trade.account,
                symbol=trade.symbol,
                group=group,
                sold=trade.traded,
                lot_key=part.bought,
                acquired=part.acquired,
                quantity=piece.quantity,
                loss_per_share_usd=piece.added_usd - gain,
                wash_group=wash_group,
                held_since=piece.held_since,
            )
            losses.append(_Loss(sale, max(0.0, -gain), piece.added_usd))
        return losses

    def _note(self, trade: RecentTrade, group: str, piece: _Piece, gain: float | None) -> None:
        """Enter a sale of unknown result, or a gain that is smaller than the custodian says."""
        if gain is None or piece.added_usd > 0:
            self.other.append(
                OtherSale(
                    account=trade.account,
                    symbol=trade.symbol,
                    group=group,
                    sold=trade.traded,
                    quantity=piece.quantity,
                    gain_usd=None if gain is None else gain * piece.quantity,
                    carried_in_usd=piece.quantity * piece.added_usd,
                )
            )

    def _purchases(self, families: Iterable[Family]) -> list[Purchase]:
        """Shares that could replace others on this day."""
        return [
            Purchase(
                account=stock.bought.account,
                symbol=stock.bought.symbol,
                group=family[1],
                acquired=stock.bought.acquired,
                lot_key=stock.bought.key,
                quantity=stock.free,
                treatment=self.accounts[stock.bought.account].treatment,
                wash_group=family[0],
            )
            for family in sorted(families)
            for stock in self.of_family[family]
            if stock.free > DUST
        ]

    def _enter(self, loss: _Loss, washed: Washed) -> LedgerSale:
        sale = loss.sale
        open_shares = max(0.0, sale.quantity - sum(found.quantity for found in washed.matches))
        last = sale.sold + timedelta(days=WINDOW_DAYS)
        still_open = open_shares > DUST and self.as_of <= last
        return LedgerSale(
            account=sale.account,
            symbol=sale.symbol,
            group=sale.group,
            sold=sale.sold,
            acquired=sale.acquired,
            quantity=sale.quantity,
            loss_usd=sale.quantity * sale.loss_per_share_usd,
            carried_in_usd=sale.quantity * loss.added_usd,
            disallowed_usd=washed.disallowed_usd,
            permanent_usd=washed.permanent_usd,
            replacements=tuple(self._replace(loss, found) for found in washed.matches),
            open_shares=open_shares if still_open else 0.0,
            open_until=last if still_open else None,
        )

    def _replace(self, loss: _Loss, found: Match) -> Replacement:
        """Move the loss into the shares that replace the sold ones."""
        stock = self.stocks[found.lot_key]
        same_place = (found.account, found.symbol) == (loss.sale.account, loss.sale.symbol)
        known = found.quantity * loss.custodian_usd if same_place and not found.permanent else 0.0
        to_add = max(0.0, found.basis_added_usd - known)
        stock.free -= found.quantity
        stock.replacing.append(_Piece(found.quantity, to_add / found.quantity, found.held_since))
        return Replacement(
            account=found.account,
            symbol=found.symbol,
            acquired=stock.bought.acquired,
            lot_ids=stock.bought.lot_ids,
            reinvested=stock.bought.reinvested,
            quantity=found.quantity,
            disallowed_usd=found.disallowed_usd,
            permanent=found.permanent,
            in_custodian_basis_usd=found.basis_added_usd - to_add,
            basis_to_add_usd=to_add,
            held_since=found.held_since,
        )

    def _dates(self) -> tuple[SafeDates, ...]:
        """What every group that was traded has to wait for."""
        losses: dict[Family, list[LedgerSale]] = defaultdict(list)
        sold: dict[Family, list[date]] = defaultdict(list)
        for sale in self.sales:
            if sale.open_until is not None:
                losses[self._family(sale.account, sale.symbol)].append(sale)
                sold[self._family(sale.account, sale.symbol)].append(sale.sold)
        for other in self.other:
            if other.gain_usd is None and self.as_of < first_safe_rebuy(other.sold):
                sold[self._family(other.account, other.symbol)].append(other.sold)
        found = []
        for family in sorted({*sold, *self.of_family}):
            young = [stock for stock in self.of_family[family] if self._young(stock)]
            if sold[family] or young:
                found.append(self._dates_of(family, losses[family], sold[family], young))
        return tuple(found)

    def _young(self, stock: _Stock) -> bool:
        return stock.free > DUST and self.as_of < first_safe_loss_sale(stock.bought.acquired)

    def _dates_of(
        self, family: Family, losses: Sequence[LedgerSale], sold: Sequence[date], young: Sequence[_Stock]
    ) -> SafeDates:
        members = {symbol for symbol, group in self.groups.items() if group == family[1]}
        last_loss, last_purchase = max(sold, default=None), max((s.bought.acquired for s in young), default=None)
        return SafeDates(
            group=family[1],
            wash_group=family[0],
            symbols=tuple(sorted(members or {family[1]})),
            buy_from=first_safe_rebuy(last_loss) if last_loss else None,
            open_loss_usd=sum(sale.loss_usd / sale.quantity * sale.open_shares for sale in losses),
            last_loss_sale=last_loss,
            sell_at_loss_from=first_safe_loss_sale(last_purchase) if last_purchase else None,
            bought_shares=sum(stock.free for stock in young),
            bought_in=tuple(sorted({stock.bought.account for stock in young})),
            last_purchase=last_purchase,
        )


def _expected(household: Household, ledger: Ledger) -> tuple[ExpectedReinvestment, ...]:
    waiting = {(one.wash_group, one.group) for one in ledger.dates if one.buy_from}
    held: dict[tuple[str, str], float] = defaultdict(float)
    for lot in household.lots:
        if lot.reinvest and lot.quantity > 0:
            held[lot.account, lot.symbol] += lot.quantity
    found = []
    for (account, symbol), shares in sorted(held.items()):
        security = household.security(symbol)
        usd = shares * security.expected_distribution_usd
        if usd > 0 and security.unit_usd > 0:
            washes = (household.account(account).wash_group, security.group) in waiting
            found.append(ExpectedReinvestment(account, symbol, security.group, usd, usd / security.unit_usd, washes))
    return tuple(found)


def _part_order(part: SoldPart) -> tuple[date, str, str, date, str, float, float]:
    trade = part.trade
    gain = float("-inf") if trade.gain_usd is None else trade.gain_usd
    first = part.acquired or date.min
    return (trade.traded, trade.account, trade.symbol, first, part.bought, part.quantity, gain)


def _entry_order(sale: LedgerSale) -> tuple[date, date, str, str, float, float]:
    first = sale.acquired or date.min
    return (sale.sold, first, sale.account, sale.symbol, sale.quantity, sale.loss_usd)


def _other_order(sale: OtherSale) -> tuple[date, str, str, float, float, float]:
    gain = float("-inf") if sale.gain_usd is None else sale.gain_usd
    return (sale.sold, sale.account, sale.symbol, sale.quantity, gain, sale.carried_in_usd)
