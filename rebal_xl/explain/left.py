"""What is left alone and why, what waits, and which rules had to give."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rebal_xl.explain import figures
from rebal_xl.explain.cash import shortfalls
from rebal_xl.explain.drift import line_source
from rebal_xl.explain.phrases import Part, Voice, joined, name, say, section
from rebal_xl.explain.told import Told
from rebal_xl.household import LeftAlone, Lot, Method, Relaxation
from rebal_xl.household.explanation import Figure, Passage, Section

MOST_CLASSES, MOST_WAITS, MOST_RULES, MOST_NAMES = 3, 2, 4, 3
# Why a method leaves classes outside their bands, in a client's words.
NOT_FOR_BANDS = {
    Method.CASH_ONLY: "this plan only moves cash",
    Method.HARVEST: "this plan only takes losses",
    Method.LOCATION: "this plan only changes which account holds what",
    Method.NONE: "this plan only makes the trades that were decided on beforehand",
}
IN_THE_WAY = "in the way: "
# Numbers in a sentence of the plan's own: dollars, percent, days and counts.
NUMBER = re.compile(r"-?\$?\d[\d,]*(?:\.\d+)?%?(?:/\d+/\d+)?")
# (how a rule's name begins, what to say of it); what follows the beginning is a name.
RULES: tuple[tuple[str, str], ...] = (
    ("Band of ", "{name} ends {usd} outside the range it should be in."),
    ("Mix of ", "{name} ends {usd} away from where it was, though the mix should stay."),
    ("Cash reserve of ", "The cash of {name} stays {usd} below its reserve."),
    ("Tax budget of ", "The tax of {name} is {usd} above the budget."),
    ("Limit on short gains of ", "{name} realizes {usd} more short-term gain than the limit allows."),
    ("Limit on long gains of ", "{name} realizes {usd} more long-term gain than the limit allows."),
    ("Most drift", "{usd} more is away from the target than you allow."),
    ("Tracking error", "The household still strays further from its target than you allow (as if by {usd})."),
    ("Sell ", "{usd} of {name} stays, though it has no place in the target."),
)


def left_alone(told: Told, voice: Voice) -> Section | None:
    """Classes, holdings and gains that the plan does not touch."""
    passages = list(_classes(told))
    if voice.full:
        passages += [*_waits(told), *_not_touched(told)]
    title = voice.pick("What we leave alone, and why", "What we leave alone")
    return section("left alone", title, passages, listed=True)


def rules(told: Told, voice: Voice) -> Section | None:
    """Rules that no plan could keep; withdrawals are told with the cash, classes where they are left alone."""
    alone = {f"Band of {one.asset_class}" for one in told.plan.left_alone[:MOST_CLASSES]}
    told_already = shortfalls(told)
    rest = [(at, one) for at, one in enumerate(told.plan.relaxed) if at not in told_already and one.rule not in alone]
    passages = [_rule(at, one) for at, one in rest[:MOST_RULES]]
    if len(rest) > MOST_RULES:
        names = joined([name(one.rule) for _, one in rest[MOST_RULES:]])
        passages.append(say("Also: {names}.", names=names))
    return section("rules", voice.pick("Rules that could not be kept", "Rules we couldn't keep"), passages, listed=True)


def _classes(told: Told) -> Iterator[Passage]:
    left = told.plan.left_alone
    for at, one in enumerate(left[:MOST_CLASSES]):
        line = told.plan.after.line(one.asset_class)
        if one.weight > 1.0:
            yield say("{name}: still outside its band{why}.", name=name(one.asset_class), why=_why(told, at, one))
            continue
        yield say(
            "{name}: at {ends} of the household in the end, outside its band of {low} to {high}{why}.",
            name=name(one.asset_class),
            ends=figures.share(one.weight, f"plan.left_alone[{at}].weight"),
            low=figures.share(line.trigger_low or 0.0, line_source("after", line, "trigger_low")),
            high=figures.share(line.trigger_high or 0.0, line_source("after", line, "trigger_high")),
            why=_why(told, at, one),
        )
    if len(left) > MOST_CLASSES:
        rest = joined([name(one.asset_class) for one in left[MOST_CLASSES:]])
        yield say("Outside their bands as well: {rest}.", rest=rest)


def _why(told: Told, at: int, one: LeftAlone) -> Passage:
    if told.policy.method in NOT_FOR_BANDS:
        return say(f"; {NOT_FOR_BANDS[told.policy.method]}")
    if not told.policy.banded:
        return say("; what is watched is the household's drift as a whole, not each class")
    _, found, obstacles = one.sentence.partition(IN_THE_WAY)
    if found:
        return say("; in the way: {obstacles}", obstacles=quoted(told, obstacles.rstrip("."), f"plan.left_alone[{at}]"))
    if told.plan.relaxed:
        return say("; more important rules came first")
    return say("; no trade that the rules allow brings it nearer")


def quoted(told: Told, text: str, source: str) -> Passage:
    """Words of the plan's own; their numbers are figures that lead to its sentence, its names are names."""
    household = told.household
    known = {
        *(account.name for account in household.accounts),
        *(security.symbol for security in household.securities),
        *(line.asset_class for line in told.plan.after.lines),
        *(security.group for security in household.securities),
    }
    names = sorted((one for one in known if any(sign.isdigit() for sign in one)), key=len, reverse=True)
    pattern = re.compile("|".join([*(re.escape(one) for one in names), NUMBER.pattern]))
    parts: list[Part] = []
    end = 0
    for found in pattern.finditer(text):
        parts.append(say("{words}", words=Passage(text[end : found.start()])))
        is_name = found.group() in known
        parts.append(name(found.group()) if is_name else _read(found.group(), f"{source}.sentence"))
        end = found.end()
    return joined([*parts, Passage(text[end:])], between="", last="")


def _read(text: str, source: str) -> Figure:
    """A number as it stands in a sentence; a day keeps only its text's number of the month."""
    plain = text.replace("$", "").replace(",", "")
    if "/" in plain:
        month, day, year = (int(part) for part in plain.split("/"))
        return figures.day(date(year, month, day), source)
    return Figure(text, float(plain.rstrip("%")) / (100.0 if plain.endswith("%") else 1.0), source)


def _waits(told: Told) -> Iterator[Passage]:
    held = [(at, wait) for at, wait in enumerate(told.plan.waits) if not wait.sold]
    for at, wait in held[:MOST_WAITS]:
        yield say(
            "{symbol} in {account} is held back until {day}: its gain is then long-term and taxed less. Against a sale "
            "today that saves about {saved}.",
            symbol=name(wait.symbol),
            account=name(wait.account),
            day=figures.day(wait.long_from, f"plan.waits[{at}].long_from"),
            saved=figures.about(wait.saved_usd, f"plan.waits[{at}].saved_usd"),
        )


def _not_touched(told: Told) -> Iterator[Passage]:
    household = told.household
    locked = [account.name for account in household.accounts if account.locked]
    if locked:
        yield say("{names}: locked, so that nothing is bought or sold there.", names=_names(locked))
    outside = [account.name for account in household.accounts if not account.counts_in_target and not account.locked]
    if outside:
        yield say("{names}: not counted in the target, and not traded.", names=_names(outside))
    lots = [lot for lot in household.lots if lot.account not in {*locked, *outside}]
    # reading a workbook locks such lots: nobody has marked them
    unknown = [lot for lot in lots if not lot.do_not_sell and _unknown(told, lot)]
    marked = [lot for lot in lots if (lot.locked or lot.do_not_sell) and lot not in unknown]
    if marked:
        yield say("{names}: shares that are marked not to be sold.", names=_names(lot.symbol for lot in marked))
    if unknown:
        yield say(
            "{names}: shares of which the cost or the day of purchase is not known; we do not sell at a guess.",
            names=_names(lot.symbol for lot in unknown),
        )


def _unknown(told: Told, lot: Lot) -> bool:
    """Whether nobody can tell what its sale would be taxed."""
    taxable = told.household.account(lot.account).taxable
    return taxable and lot.quantity > 0 and (lot.basis_usd is None or lot.acquired is None)


def _names(texts: Iterable[str]) -> Passage:
    return joined([name(text) for text in dict.fromkeys(texts)])


def _rule(at: int, one: Relaxation) -> Passage:
    usd = figures.usd(one.amount_usd, f"plan.relaxed[{at}].amount_usd")
    for start, sentence in RULES:
        if one.rule.startswith(start):
            return say(sentence, name=name(one.rule.removeprefix(start)), usd=usd)
    return say("{rule}: {usd} beyond it.", rule=name(one.rule), usd=usd)
