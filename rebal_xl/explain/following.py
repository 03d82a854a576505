"""What happens next, and when to look again."""

from collections.abc import Iterator
from datetime import date

from rebal_xl.explain import facts, figures
from rebal_xl.explain.phrases import Voice, joined, name, say, section
from rebal_xl.explain.told import Told
from rebal_xl.explain.wash import DO_NOT_BUY
from rebal_xl.household import Side
from rebal_xl.household.explanation import Passage, Section


def following(told: Told, voice: Voice) -> Section | None:
    """The steps from here."""
    passages = [_orders(told, voice), _look_again(told, voice)]
    return section("next", "What happens next", passages)


def _orders(told: Told, voice: Voice) -> Passage | None:
    if not told.plan.trades:
        return None
    both = facts.trades(told, Side.SELL) and facts.trades(told, Side.BUY)
    orders = "order" if len(told.plan.trades) == 1 else "orders, sales before purchases" if both else "orders"
    return say(
        voice.pick(
            f"Once you agree, we enter the {orders}. Trades usually settle on the next business day. Prices move until "
            "then, so that the final amounts will differ a little.",
            f"Once you say yes, we enter the {orders}. Trades usually settle on the next business day. Prices move in "
            "the meantime, so the final amounts will differ a little.",
        )
    )


def _look_again(told: Told, voice: Voice) -> Passage:
    days = [*_first_purchase(told), *_first_wait(told)]
    watch = voice.pick(
        "Beyond that we keep watching the mix and come back to you when it calls for a look.",
        "Other than that, we keep an eye on the mix and get in touch when it needs a look.",
    )
    if not days:
        return say(watch.replace("Beyond that we", "We").replace("Other than that, we", "We"))
    days.sort(key=lambda one: (one[0], one[1].text))
    return say("We look again {days}. " + watch, days=joined([said for _, said in days], last=", and "))


def _first_purchase(told: Told) -> Iterator[tuple[date, Passage]]:
    """The first day on which something sold at a loss may be bought again."""
    found = [(one.safe_from, at) for at, one in enumerate(told.plan.wash_blocks) if one.rule == DO_NOT_BUY]
    if found:
        when, at = min(found)
        symbol = told.plan.wash_blocks[at].symbol
        yield (
            when,
            say(
                "on {day}, when {symbol} may be bought again",
                day=figures.day(when, f"plan.wash_blocks[{at}].safe_from"),
                symbol=name(symbol),
            ),
        )


def _first_wait(told: Told) -> Iterator[tuple[date, Passage]]:
    """The first day on which a gain that was held back is long-term."""
    found = [(wait.long_from, at) for at, wait in enumerate(told.plan.waits) if not wait.sold]
    if found:
        when, at = min(found)
        yield (
            when,
            say(
                "on {day}, when the gain on {symbol} turns long-term",
                day=figures.day(when, f"plan.waits[{at}].long_from"),
                symbol=name(told.plan.waits[at].symbol),
            ),
        )
