"""A second opinion on money that leaves a household: who is asked, who may pay, and what raises ordinary income."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rebal_xl.household import Account, Household, Lot, Method, Policy, Side, TaxTreatment, Withdrawal, WithdrawalLevel

# A part of a cent or of a share that is rounding.
TINY = 1e-6


@dataclass(frozen=True)
class Ask:
    """Dollars that any of these accounts may pay."""

    usd: float
    accounts: tuple[str, ...]


class FlowOpinion:
    """Requests of one household, under the rules of withdrawals at several levels."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        self.asks = self._asks()

    def own_usd(self, account: str) -> float:
        """What only this account may pay."""
        return sum(ask.usd for ask in self.asks if ask.accounts == (account,))

    @property
    def shared_usd(self) -> float:
        """What more than one account may pay."""
        return sum(ask.usd for ask in self.asks if len(ask.accounts) > 1)

    @property
    def nobodys_usd(self) -> float:
        """What no account may pay, or none can raise."""
        return sum(ask.usd for ask in self.asks if not ask.accounts)

    @property
    def owed_usd(self) -> float:
        """What will leave: no more than those asked are worth."""
        return sum(min(ask.usd, sum(map(self.worth_usd, ask.accounts))) for ask in self.asks)

    def worth_usd(self, account: str) -> float:
        """Cash, what comes in, and everything held."""
        return self.household.account_value_usd(account) + self.household.account(account).contribution_usd

    def given_usd(self) -> dict[str, float]:
        """Ordinary income of each payer (by account's own word) out of tax-deferred accounts, paid or not."""
        given: dict[str, float] = defaultdict(float)
        for ask in self.asks:
            accounts = [self.household.account(name) for name in ask.accounts]
            if accounts and all(account.treatment is TaxTreatment.TAX_DEFERRED for account in accounts):
                worth = {account.name: self.worth_usd(account.name) for account in accounts}
                paid = min(ask.usd, sum(worth.values()))
                for account in accounts:
                    given[account.taxpayer] += paid * worth[account.name] / sum(worth.values())
        return given

    def _asks(self) -> tuple[Ask, ...]:
        if self.policy.method is Method.NONE:
            return ()
        accounts = [account for account in self.household.accounts if account.counts_in_target and not account.locked]
        asks = self._beside_required([self._ask(accounts, each) for each in self.policy.withdrawals if each.which])
        household = sum(w.amount_usd for w in self.policy.withdrawals if w.level is WithdrawalLevel.HOUSEHOLD)
        excess = round(household - sum(ask.usd for ask in asks), 2)
        if excess > 0:
            asks.append(Ask(excess, _names(accounts, TaxTreatment.TAXABLE)))
        return tuple(self._for_one_return_each(asks))

    def _beside_required(self, asks: list[Ask]) -> list[Ask]:
        """Every account pays at least what is required of it; an ask of several is for what that leaves of it."""
        alone = [ask for ask in asks if len(ask.accounts) < 2]
        # what must leave each account beyond what it alone is asked for, and what of that counts for no ask yet
        floors = {
            account.name: round(account.rmd_usd - _own(alone, account.name), 2)
            for account in self.household.accounts
            if not account.taxable and account.counts_in_target
        }
        locked = {account.name for account in self.household.accounts if account.locked}
        required = [Ask(usd, () if name in locked else (name,)) for name, usd in floors.items() if usd > 0]
        # an account that cannot pay what is required of it leaves the rest of the ask to the others
        uncounted = {
            name: min(ask.usd, max(0.0, sum(self._pots(self.household.account(name))) - _own(alone, name)))
            for ask in required
            for name in ask.accounts
        }
        rest = []
        for ask in sorted((ask for ask in asks if len(ask.accounts) > 1), key=lambda ask: len(ask.accounts)):
            wanted = ask.usd
            for name in ask.accounts:
                counts = min(wanted, uncounted.get(name, 0.0))
                wanted -= counts
                uncounted[name] = uncounted.get(name, 0.0) - counts
            if round(wanted, 2) > 0:
                rest.append(Ask(round(wanted, 2), ask.accounts))
        return [*alone, *required, *rest]

    def _for_one_return_each(self, asks: list[Ask]) -> list[Ask]:
        """Asks of IRAs taxed on several returns, cut up: idle cash goes first, then sales, then reserves, pro rata."""
        first = self.household.taxpayers[0].taxpayer
        pots = {a.name: self._pots(a) for a in self.household.accounts if a.treatment is TaxTreatment.TAX_DEFERRED}
        found = []
        for ask in sorted(asks, key=lambda ask: len(ask.accounts)):
            mine = {name: self.household.account(name).taxpayer or first for name in ask.accounts if name in pots}
            gives: Counter[str] = Counter()
            for pot in range(3):
                full = sum(pots[name][pot] for name in mine)
                wanted = min(full, ask.usd - sum(gives.values()))
                for name in mine if full else ():
                    gives[name] += wanted * pots[name][pot] / full
                    pots[name][pot] *= 1 - wanted / full
            if len(set(mine.values())) < 2:
                found.append(ask)
                continue
            cents = {
                payer: int(100 * sum(usd for name, usd in gives.items() if mine[name] == payer) + TINY)
                for payer in mine.values()
            }
            odd = int(100 * sum(gives.values()) + TINY) - sum(cents.values())
            left = {payer: sum(sum(pots[n]) for n in mine if mine[n] == payer) for payer in cents}
            cents[max(cents, key=lambda payer: (left[payer], payer))] += odd
            for payer, count in cents.items():
                found.append(Ask(count / 100, tuple(name for name in mine if mine[name] == payer)))
            found.append(Ask(round(ask.usd - sum(cents.values()) / 100, 2), ()))
        return [ask for ask in found if ask.usd > 0]

    def _pots(self, account: Account) -> list[float]:
        """Idle cash of an account, what selling brings, and its reserve."""
        value = self.household.account_value_usd(account.name)
        pots = [account.cash_usd + account.contribution_usd, 0.0]
        for security in self.household.securities:
            lots = self.household.held(account.name, security.symbol)
            typed = [t for t in self.policy.my_trades if (t.account, t.symbol) == (account.name, security.symbol)]
            net = security.unit_usd * (1 - security.redemption_fee)
            for trade in typed:
                whole = trade.quantity if trade.amount_usd is None else trade.amount_usd // security.unit_usd
                assert whole is not None
                if trade.side is Side.BUY:
                    pots[0] -= whole * security.unit_usd
                else:
                    pots[1] += whole * net
            held, free = _sum(lot.quantity for lot in lots), _sum(lot.quantity for lot in lots if not _kept(lot))
            least = max((lot.min_hold for lot in lots if lot.min_hold is not None), default=0.0)
            shares = int(max(0.0, min(free, held - least)) + TINY)
            small = max(self.policy.min_trade_usd, self.policy.min_trade_weight * value)
            if not typed and (shares == held or shares * security.unit_usd >= small):
                pots[1] += shares * net
        reserve = max(account.reserve_usd, account.reserve_weight * value)
        everything = max(0.0, sum(pots))
        idle = max(0.0, min(pots[0], everything) - reserve)
        return [idle, max(0.0, everything - reserve) - idle, min(reserve, everything)]

    def _ask(self, accounts: list[Account], wanted: Withdrawal) -> Ask:
        match wanted.level:
            case WithdrawalLevel.ACCOUNT:
                return Ask(wanted.amount_usd, (wanted.which,))
            case WithdrawalLevel.TREATMENT:
                return Ask(wanted.amount_usd, _names(accounts, TaxTreatment(wanted.which)))
        theirs = [account for account in accounts if account.owner == wanted.which]
        for treatment in (TaxTreatment.TAXABLE, TaxTreatment.TAX_DEFERRED):
            if names := _names(theirs, treatment):
                return Ask(wanted.amount_usd, names)
        return Ask(wanted.amount_usd, tuple(account.name for account in theirs))


def _own(asks: list[Ask], name: str) -> float:
    return sum(ask.usd for ask in asks if ask.accounts == (name,))


def _sum(amounts: Iterable[float]) -> float:
    return float(sum(amounts))


def _kept(lot: Lot) -> bool:
    return lot.locked or lot.do_not_sell


def _names(accounts: list[Account], treatment: TaxTreatment) -> tuple[str, ...]:
    return tuple(account.name for account in accounts if account.treatment is treatment)
