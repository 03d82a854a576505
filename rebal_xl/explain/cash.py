"""Cash that leaves and cash that comes in."""

from collections.abc import Iterator

from rebal_xl.explain import figures
from rebal_xl.explain.phrases import Voice, joined, name, say, section
from rebal_xl.explain.told import Told
from rebal_xl.household import Relaxation
from rebal_xl.household.explanation import Passage, Section
from rebal_xl.optimize.relaxed import WITHIN_RULES

MOST_PAYERS = 3
SHORT = "Withdrawal from "


def cash(told: Told, voice: Voice) -> Section | None:
    """Withdrawals paid and missing, what they are taxed, and new money; None where no cash moves."""
    asked, coming = [*_paid(told), *_missing(told), _taxed(told)], _coming(told) if voice.full else None
    wanted = any(passage is not None for passage in asked)
    return section(
        "cash", voice.pick("The cash you asked for", "Your cash") if wanted else "New money", [*asked, coming]
    )


def shortfalls(told: Told) -> list[int]:
    """Which relaxed rules are withdrawals that could not be paid in full."""
    return [at for at, one in enumerate(told.plan.relaxed) if one.rule.startswith(SHORT)]


def _paid(told: Told) -> Iterator[Passage]:
    paid = [(at, account, usd) for at, (account, usd) in enumerate(told.plan.withdrawals_paid) if usd >= 0.005]
    if not paid:
        return
    total = figures.usd(sum(usd for _, _, usd in paid), "sum(plan.withdrawals_paid.1)")
    verb = "is ready to be paid out"
    if len(paid) == 1:
        yield say(f"{{total}} {verb} from {{account}}.", total=total, account=name(paid[0][1]))
        return
    paid.sort(key=lambda one: (-one[2], one[1]))
    said = [
        say("{usd} from {account}", usd=figures.usd(usd, f"plan.withdrawals_paid[{at}].1"), account=name(account))
        for at, account, usd in paid[:MOST_PAYERS]
    ]
    if len(paid) > MOST_PAYERS:
        said.append(say("the rest from other accounts"))
    yield say(f"{{total}} {verb}: {{accounts}}.", total=total, accounts=joined(said))


def _missing(told: Told) -> Iterator[Passage]:
    for at in shortfalls(told):
        one = told.plan.relaxed[at]
        yield say(
            f"{{usd}} that should come from {{which}} {_why(one)}",
            usd=figures.usd(one.amount_usd, f"plan.relaxed[{at}].amount_usd"),
            which=name(one.rule.removeprefix(SHORT).removesuffix(" (required minimum distribution)")),
        )


def _why(one: Relaxation) -> str:
    """How a withdrawal comes to be missing: rules are named only where one is in the way."""
    if WITHIN_RULES in one.sentence:
        return "cannot be raised under the rules we agreed on: it is missing, and the plan does not force it."
    return "is missing: this plan raises no more from the accounts that may pay it."


def _taxed(told: Told) -> Passage | None:
    tax = told.plan.tax.distributions_tax_usd
    if abs(tax) < figures.TOLD_USD:
        return None
    verb = "adds {usd} to" if tax > 0 else "takes {usd} off"
    return say(
        f"Money from tax-deferred accounts is taxed as income. By our estimate that {verb} this year's tax, with or "
        "without the trades.",
        usd=figures.change(tax, "plan.tax.distributions_tax_usd"),
    )


def _coming(told: Told) -> Passage | None:
    coming = sum(account.contribution_usd for account in told.household.accounts)
    if coming < figures.TOLD_USD:
        return None
    return say(
        "New money of {usd} is counted in this plan.",
        usd=figures.usd(coming, "sum(household.accounts.contribution_usd)"),
    )
