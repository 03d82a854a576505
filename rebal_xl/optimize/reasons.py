"""Why each order: the class or rule that it serves, in a word and in a sentence with its figures."""

from collections import defaultdict
from dataclasses import dataclass

from rebal_xl.household import DriftLine, Household, Method, Side
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.measure.tradable import reserve_usd
from rebal_xl.optimize.evaluate import CENT, Evaluation
from rebal_xl.optimize.methods import drift_is_capped, least_location_usd, sells_without_target
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.bands import without_target

# Gains and losses of fewer dollars are not worth a sentence.
TOLD_USD = 1.0
Position = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """What an order serves."""

    # see Trade.serves
    serves: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the reasons of a plan look at."""

    model: Model
    evaluation: Evaluation
    # dollars by (account, symbol)
    sold: dict[Position, float]
    bought: dict[Position, float]
    # counted gain of what is sold, and loss taken for its own sake (positive)
    gains: dict[Position, float]
    harvested: dict[Position, float]
    # accounts that must sell to have their cash, and what for
    short_of: dict[str, tuple[str, ...]]

    @property
    def household(self) -> Household:
        """The household planned for."""
        return self.model.household

    def main_class(self, symbol: str) -> str:
        """The class that a security counts for."""
        return self.household.security(symbol).main_class

    def before(self, asset_class: str) -> DriftLine | None:
        """Where a class was; None when nothing is known of it."""
        return next((line for line in self.model.before.lines if line.asset_class == asset_class), None)

    def elsewhere(self, moved: dict[Position, float], asset_class: str, account: str) -> dict[Position, float]:
        """Dollars of the class in orders of other accounts, the largest first."""
        found = {
            key: usd * dict(self.household.security(key[1]).class_mix).get(asset_class, 0.0)
            for key, usd in moved.items()
            if key[0] != account
        }
        ordered = sorted(found, key=lambda key: (-found[key], key))
        return {key: found[key] for key in ordered if found[key] > TOLD_USD}


def find_facts(model: Model, actions: Actions, evaluation: Evaluation) -> Facts:
    """The facts of an evaluated plan."""
    household = model.household
    sold: dict[Position, float] = defaultdict(float)
    gains: dict[Position, float] = defaultdict(float)
    harvested: dict[Position, float] = defaultdict(float)
    wanted = {index for unit in model.choices.units if unit.qualifies for index in unit.lots}
    for index, sale in zip(sorted(actions.sales), evaluation.lot_sales, strict=True):
        key = (sale.account, sale.symbol)
        sold[key] += sale.quantity * household.security(sale.symbol).unit_usd
        gains[key] += sale.gain_usd + sale.disallowed_usd
        if index in wanted:
            harvested[key] += max(0.0, -(sale.gain_usd + sale.disallowed_usd))
    bought = {
        key: quantity * household.security(key[1]).unit_usd for key, quantity in sorted(actions.purchases.items())
    }
    taken = {key: usd for key, usd in harvested.items() if usd > TOLD_USD}
    return Facts(model, evaluation, dict(sold), bought, dict(gains), taken, _short_of(model, actions))


def _short_of(model: Model, actions: Actions) -> dict[str, tuple[str, ...]]:
    """Accounts whose cash does not cover what they pay and keep, and what for."""
    household = model.household
    requests = withdrawal_requests(household, model.policy)
    paid: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (number, payer), usd in sorted(actions.paid.items()):
        request = requests[number]
        what = "a withdrawal"
        if "required minimum distribution" in request.label:
            whole = request.amount_usd >= household.account(payer).rmd_usd - CENT
            # what else the account pays counts towards it
            what = f"{'' if whole else 'the rest of '}its required minimum distribution"
        paid[payer][what] += usd
    found = {}
    for account in household.accounts:
        start, reserve = account.cash_usd + account.contribution_usd, reserve_usd(household, account)
        asked = paid.get(account.name, {})
        if start - sum(asked.values()) < reserve - CENT:
            ends = [_asked(what, usd) for what, usd in asked.items() if usd > CENT]
            ends += [f"its reserve of ${reserve:,.2f}"] if reserve > CENT else []
            found[account.name] = tuple(ends) or ("a balance below zero",)
    return found


def _asked(what: str, usd: float) -> str:
    """What an account pays; "of" would name the dollars of the whole where only its rest is paid."""
    rest = "the rest of "
    return (
        f"{rest.removesuffix(' of ')} (${usd:,.2f}) of {what.removeprefix(rest)}"
        if what.startswith(rest)
        else (f"{what} of ${usd:,.2f}")
    )


def _listed(ends: tuple[str, ...]) -> str:
    """One, two and three: in words."""
    return " and ".join([part for part in (", ".join(ends[:-1]), ends[-1]) if part])


def reason_of(facts: Facts, side: Side, key: Position) -> Reason:
    """Why an order is made."""
    if key in facts.model.choices.typed:
        return Reason("typed", _typed(facts, side, key))
    return _sale(facts, key) if side is Side.SELL else _purchase(facts, key)


def _typed(facts: Facts, side: Side, key: Position) -> str:
    if side is Side.BUY or not facts.gains.get(key):
        return "You typed this order."
    return "You typed this order; its lots are those that cost least tax."


def _sale(facts: Facts, key: Position) -> Reason:
    account, symbol = key
    name = facts.main_class(symbol)
    line, policy = facts.before(name), facts.model.policy
    loss = -facts.gains[key]
    taken = f" Takes a loss of ${loss:,.2f}." if loss > TOLD_USD else ""
    short_of = facts.short_of.get(account, ())
    raised = f" It raises cash for {_listed(short_of)}." if short_of else ""
    if key in facts.bought and loss < -TOLD_USD:
        sentence = f"Takes a gain of ${-loss:,.2f} and buys the shares back the same day: their basis rises by as much."
        return Reason("gain harvest", sentence)
    if sells_without_target(policy) and symbol in without_target(facts.household, policy):
        return Reason("no target", f"{name} has no target, and what has none is sold.{taken}{raised}")
    if wide := _beyond(facts, line, above=True):
        return Reason(wide.serves, f"{wide.sentence}{taken}{raised}")
    if key in facts.harvested:
        return Reason("harvest", _harvest(facts, key))
    if moved := _moved(facts, key):
        return moved
    if raised:
        more = ("what is bought there",) if any(place == account for place, _ in facts.bought) else ()
        sentence = f"Raises cash in {account} for {_listed((*short_of, *more))}.{_stays(facts, line)}{taken}"
        return Reason("cash", sentence)
    if line is not None and line.drift > 0 and _targeted(facts, line) and policy.method is Method.FULL:
        return Reason("target", f"{name} is above target: {_off_target(line)}.{taken}")
    return Reason("room", f"Makes room in {account} for what is bought there.{_stays(facts, line)}{taken}")


def _purchase(facts: Facts, key: Position) -> Reason:
    account, symbol = key
    name = facts.main_class(symbol)
    line, method = facts.before(name), facts.model.policy.method
    if key in facts.sold:
        return Reason("gain harvest", "Buys back what was sold for its gain.")
    if wide := _beyond(facts, line, above=False):
        return wide
    replaced = _replaced(facts, key)
    if replaced:
        return Reason("replacement", f"{replaced}.{_stays(facts, line)}")
    if moved := _moved(facts, key):
        return moved
    if method is Method.CASH_ONLY or not any(position[0] == account for position in facts.sold):
        return Reason("cash", f"Invests cash of {account}.{_stays(facts, line)}")
    if line is not None and line.drift < 0 and _targeted(facts, line) and method is Method.FULL:
        return Reason("target", f"{name} is below target: {_off_target(line)}.")
    if sold := facts.elsewhere(facts.sold, name, account):
        return _kept_up(facts, line, name, next(iter(sold))[0])
    return Reason("room", f"Invests what the sales in {account} bring.{_stays(facts, line)}")


def _kept_up(facts: Facts, line: DriftLine | None, name: str, seller: str) -> Reason:
    """A purchase of a class that another account sells."""
    banded = line is not None and line.trigger_low is not None and not line.triggered
    if line is None or not banded or drift_is_capped(facts.model.policy):
        return Reason("room", f"Holds {name} here instead of where {seller} sells it.{_stays(facts, line)}")
    return Reason("band", f"Keeps {name} in its band where {seller} sells it: {_against(line)}.")


def _beyond(facts: Facts, line: DriftLine | None, *, above: bool) -> Reason | None:
    """The band, cap or tracking error that an order brings its class home to; None when it is not beyond any."""
    policy, before = facts.model.policy, facts.model.before
    if line is None or policy.method not in (Method.OPPORTUNISTIC, Method.FULL) or (line.drift > 0) is not above:
        return None
    side = "above" if above else "below"
    after = next((one for one in facts.evaluation.after.lines if one.asset_class == line.asset_class), None)
    ends = f", and ends at {after.actual_weight:.1%}" if after is not None else ""
    away = f"{line.asset_class} is {abs(line.drift):.1%} of the household {side} target{ends}"
    if policy.follows_tracking:
        error = before.tracking_error
        if error is not None and error > policy.tracking_trigger:
            sentence = f"Tracking error is {error:.2%}; Tracking Trigger allows {policy.tracking_trigger:.2%}: {away}."
            return Reason("tracking error", sentence)
        return None
    if drift_is_capped(policy):
        if policy.most_drift is not None and before.household_drift > policy.most_drift:
            sentence = (
                f"Household drift is {before.household_drift:.2%}; Most Drift allows {policy.most_drift:.2%}: {away}."
            )
            return Reason("drift cap", sentence)
        return None
    if not line.triggered:
        return None
    return Reason("band", f"{line.asset_class} is {side} its band: {_against(line)}{ends}.")


def _targeted(facts: Facts, line: DriftLine) -> bool:
    return facts.model.policy.target_of(line.asset_class) is not None


def _against(line: DriftLine) -> str:
    return f"{line.actual_weight:.1%} against a band of {line.trigger_low or 0.0:.1%} to {line.trigger_high or 0.0:.1%}"


def _off_target(line: DriftLine) -> str:
    return f"{line.actual_weight:.1%} against a target of {line.target_weight:.1%}"


def _stays(facts: Facts, line: DriftLine | None) -> str:
    """What becomes of the class of an order that is made for another end."""
    if line is None or not _targeted(facts, line):
        return ""
    after = next((one for one in facts.evaluation.after.lines if one.asset_class == line.asset_class), line)
    return f" {line.asset_class} ends at {after.actual_weight:.1%}, target {line.target_weight:.1%}."


def _harvest(facts: Facts, key: Position) -> str:
    """The loss, and what takes the place of the shares."""
    security = facts.household.security(key[1])
    stands_in = [position for position in facts.bought if position[1] == security.replacement]
    stands_in = stands_in or [
        position
        for position in facts.bought
        if facts.main_class(position[1]) == security.main_class
        and facts.household.security(position[1]).group != security.group
    ]
    said = f"Takes a loss of ${facts.harvested[key]:,.2f}"
    if not stands_in:
        return f"{said}; nothing is bought in its stead.{_stays(facts, facts.before(security.main_class))}"
    account, symbol = max(stands_in, key=lambda position: (position[0] == key[0], facts.bought[position], position))
    where = "" if account == key[0] else f" in {account}"
    return f"{said}; {symbol} is bought in its stead{where}."


def _replaced(facts: Facts, key: Position) -> str:
    """What a purchase stands in for, and how much it buys beyond that: harvests that name it, else those of its class.

    "" when nothing harvested is of its class.
    """
    security = facts.household.security(key[1])
    sold = sorted({symbol for _, symbol in facts.harvested})
    named = [symbol for symbol in sold if facts.household.security(symbol).replacement == security.symbol]
    alike = [
        symbol
        for symbol in sold
        if facts.main_class(symbol) == security.main_class and facts.household.security(symbol).group != security.group
    ]
    replaced = named or alike
    if not replaced:
        return ""
    usd = sum(facts.sold[position] for position in facts.harvested if position[1] in replaced)
    beyond = facts.bought[key] - usd
    more = f", and buys ${beyond:,.2f} beyond that" if beyond > TOLD_USD else ""
    return f"Replaces ${usd:,.2f} of {', '.join(replaced)}, sold at a loss{more}"


def _moved(facts: Facts, key: Position) -> Reason | None:
    """An order that moves or swaps its class for the tax on its income; None when location is no reason."""
    if least_location_usd(facts.model.policy) is None:
        return None
    account, symbol = key
    name, sells = facts.main_class(symbol), key in facts.sold
    others = facts.elsewhere(facts.bought if sells else facts.sold, name, account)
    if swapped := _swapped(facts, key, sells=sells):
        return swapped
    if not others:
        return None
    there = next(iter(others))
    source, end = (key, there) if sells else (there, key)
    moves = f"Moves {name} from {source[0]} to {end[0]}"
    if _dearer_usd(facts, source, end) <= 0:
        return Reason("location", f"{moves}, to make room in {source[0]} for what is bought there.")
    worth = _worth(facts, source, others) if sells else ""
    if _taxed_alike(facts, source[0], end[0]):
        said = f"Holds {end[1]} in {end[0]} instead of {source[1]} in {source[0]}: its income is taxed less{worth}."
        return Reason("location", said)
    return Reason("location", f"{moves}, where its income is taxed less{worth}.")


def _swapped(facts: Facts, key: Position, *, sells: bool) -> Reason | None:
    """A security of the class in place of another one in the same account; None when its income is not taxed less."""
    account, symbol = key
    here = {
        position: usd
        for position, usd in sorted((facts.bought if sells else facts.sold).items())
        if position[0] == account and position != key and facts.main_class(position[1]) == facts.main_class(symbol)
    }
    if not here:
        return None
    there = max(here, key=lambda position: (here[position], position))
    source, end = (key, there) if sells else (there, key)
    if _dearer_usd(facts, source, end) <= 0:
        return None
    worth = _worth(facts, source, here) if sells else ""
    return Reason("location", f"Holds {end[1]} instead of {source[1]}: its income is taxed less{worth}.")


def _dearer_usd(facts: Facts, source: Position, end: Position) -> float:
    """Tax on income per dollar held at the source beyond that at the end, valued today."""
    rate, end_rate = (facts.model.prices.location_usd(facts.household, *position) for position in (source, end))
    return rate - end_rate


def _taxed_alike(facts: Facts, one: str, other: str) -> bool:
    """Whether the income of two accounts stands on the same return."""
    accounts = [facts.household.account(name) for name in (one, other)]
    payers = [facts.household.payer(account) for account in accounts]
    return all(account.taxable for account in accounts) and payers[0] == payers[1]


def _worth(facts: Facts, source: Position, ends: dict[Position, float]) -> str:
    """What holding the dollars sold where they are bought is worth, as far as they are bought; "" when nothing."""
    left, saved = facts.sold[source], 0.0
    for end, usd in ends.items():
        saved += _dearer_usd(facts, source, end) * min(left, usd)
        left -= min(left, usd)
    years = f"{facts.model.policy.horizon_years:,.0f} years"
    return f", worth ${saved:,.2f} today in tax over {years}" if saved >= CENT else ""
