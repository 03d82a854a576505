"""A second opinion on money that leaves a household: who is asked, who may pay, and what raises ordinary income."""

from collections import defaultdict
from dataclasses import dataclass

from rebal_xl.household import Account, Household, Method, Policy, TaxTreatment, Withdrawal, WithdrawalLevel


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
        asks = [self._ask(accounts, wanted) for wanted in self.policy.withdrawals if wanted.which]
        for account in accounts:
            asked = sum(
                wanted.amount_usd
                for wanted in self.policy.withdrawals
                if wanted.level is WithdrawalLevel.ACCOUNT and wanted.which == account.name
            )
            if account.rmd_usd > asked:
                asks.append(Ask(round(account.rmd_usd - asked, 2), (account.name,)))
        household = sum(w.amount_usd for w in self.policy.withdrawals if w.level is WithdrawalLevel.HOUSEHOLD)
        excess = round(household - sum(ask.usd for ask in asks), 2)
        if excess > 0:
            asks.append(Ask(excess, _names(accounts, TaxTreatment.TAXABLE)))
        return tuple(asks)

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


def _names(accounts: list[Account], treatment: TaxTreatment) -> tuple[str, ...]:
    return tuple(account.name for account in accounts if account.treatment is treatment)
