"""What must not be bought until when, so that losses count."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from rebal_xl.explain import figures
from rebal_xl.explain.phrases import Voice, joined, name, named, say, section
from rebal_xl.explain.told import Told
from rebal_xl.household.explanation import Passage, Section

MOST_DAYS = 4
DO_NOT_BUY = "do not buy"
BUYING = f"plan.wash_blocks[rule={DO_NOT_BUY!r}]"
TURN_OFF = "Turn off dividend reinvestment"


def do_not_buy(told: Told, voice: Voice) -> Section | None:
    """Symbols by the first day on which they may be bought again."""
    blocks = [one for one in told.plan.wash_blocks if one.rule == DO_NOT_BUY]
    passages = [] if not blocks else [_why(told, voice), *_days(told)]
    passages += [*_turn_off(told)]
    return section("do not buy", "What must not be bought, and until when", passages)


def _why(told: Told, voice: Voice) -> Passage:
    blocks = [one for one in told.plan.wash_blocks if one.rule == DO_NOT_BUY]
    everywhere = {account.name for account in told.household.accounts}
    where = say("in any account of the household, retirement accounts included")
    if not all(set(one.accounts) >= everywhere for one in blocks):
        accounts = sorted({account for one in blocks for account in one.accounts})
        where = say("in {accounts}", accounts=named(accounts, f"distinct({BUYING}.accounts)"))
    return say(
        voice.pick(
            "What was sold at a loss must not be bought {where}, nor at another firm, nor through reinvested "
            "dividends: the law would then disallow the loss (the wash-sale rule).",
            "Please don't buy what was sold at a loss {where}, nor at another firm, nor through reinvested dividends: "
            "the tax law would take the loss away (the wash-sale rule).",
        ),
        where=where,
    )


def _days(told: Told) -> Iterator[Passage]:
    by_day: dict[date, list[str]] = defaultdict(list)
    first: dict[date, int] = {}
    for at, one in enumerate(told.plan.wash_blocks):
        if one.rule == DO_NOT_BUY:
            by_day[one.safe_from].append(one.symbol)
            first.setdefault(one.safe_from, at)
    for day in sorted(by_day)[:MOST_DAYS]:
        symbols = list(dict.fromkeys(by_day[day]))
        yield say(
            "{symbols} may be bought again from {day}.",
            day=figures.day(day, f"plan.wash_blocks[{first[day]}].safe_from"),
            symbols=joined([name(one) for one in symbols], last=" and "),
        )
    if len(by_day) > MOST_DAYS:
        later = [one for day in sorted(by_day)[MOST_DAYS:] for one in by_day[day]]
        yield say(
            "{symbols} may be bought again from {day} at the latest.",
            day=figures.day(max(by_day), f"max({BUYING}.safe_from)"),
            symbols=joined([name(one) for one in dict.fromkeys(later)], last=" and "),
        )


def _turn_off(told: Told) -> Iterator[Passage]:
    safe = {one.symbol: at for at, one in enumerate(told.plan.wash_blocks) if one.rule == DO_NOT_BUY}
    found = [one for one in told.plan.notices if one.sentence.startswith(TURN_OFF) and one.symbol in safe]
    if not found:
        return
    places = [say("{symbol} in {account}", symbol=name(one.symbol), account=name(one.account)) for one in found]
    when, at = max((told.plan.wash_blocks[safe[one.symbol]].safe_from, safe[one.symbol]) for one in found)
    yield say(
        "Until {day}, no dividends should be reinvested in {places}.",
        day=figures.day(when, f"plan.wash_blocks[{at}].safe_from"),
        places=joined(places),
    )
