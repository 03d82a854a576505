"""What drift is, how far this household has drifted, and why that matters."""

from collections.abc import Iterator

from rebal_xl.explain import figures
from rebal_xl.explain.phrases import Voice, joined, name, named, say, section
from rebal_xl.explain.told import Told
from rebal_xl.household import DriftLine, Method
from rebal_xl.household.explanation import Passage, Section

# Classes that are named as the furthest off, and the least weight (0..1) that is worth naming.
MOST_NAMED = 3
WORTH_NAMING = 0.005
OUTSIDE = "count(plan.before.lines[triggered=True])"


def where_you_stand(told: Told, voice: Voice) -> Section | None:
    """Drift, explained and measured, why it matters, and what called for a look."""
    before = told.plan.before
    if before.value_usd <= 0:
        return None
    passages: list[Passage | None] = [_drift(told, voice)]
    if measurable(told):
        # class by class is told again where orders are
        passages += [None if len(told.plan.trades) > 1 or not voice.full else _furthest(told)]
        passages += [_owed(told) if voice.full else None, _risk(told, voice), *_calls(told, voice)]
    title = voice.pick("How far you are from your target mix", "Where you are today")
    if measurable(told) and before.household_drift >= figures.TOLD_WEIGHT:
        title += ", and why it matters"
    return section("where you stand", title, passages)


def _risk(told: Told, voice: Voice) -> Passage | None:
    if told.plan.before.household_drift < figures.TOLD_WEIGHT:
        return None
    return say(
        voice.pick(
            "The mix decides how far your wealth may rise and fall: once it has drifted, you carry another risk than "
            "the one you chose. Bringing it back restores your choice; it is no promise of a higher return.",
            "Your mix decides how bumpy the ride can get, so when it drifts, you're on another ride than the one you "
            "picked. Bringing it back puts you on yours again; it doesn't promise a higher return.",
        )
    )


def measurable(told: Told) -> bool:
    """False where more cash is asked for than can leave: weights of such a household say nothing."""
    return told.plan.before.value_usd > 0 and told.plan.before.household_drift <= 1.0


def _drift(told: Told, voice: Voice) -> Passage:
    before = told.plan.before
    target = voice.pick(
        "Your target mix says how much of your money belongs in each class of investments.",
        "Think of your target mix as a recipe: it says how much of your money goes into each class of investments.",
    )
    if not measurable(told):
        return say(f"{target} How far you are from it cannot be told, since more cash is asked for than can be spared.")
    if before.household_drift < figures.TOLD_WEIGHT:
        near = voice.pick(
            " Today your money lies where the target wants it: drift, the distance from it, is practically nil.",
            " Today you're right on it: drift, as we call the distance from it, is practically nil.",
        )
        return say(target + near)
    far = voice.pick(
        " {why} {share} of your money, or {usd}, is not where the target wants it. This distance is called drift.",
        " {why} {share} of your money, or {usd}, isn't where the recipe wants it. We call that drift.",
    )
    return say(
        target + far,
        why=_why_drifted(told),
        share=figures.share(before.household_drift, "plan.before.household_drift"),
        usd=figures.usd(
            before.household_drift * before.value_usd, "plan.before.household_drift * plan.before.value_usd"
        ),
    )


def _why_drifted(told: Told) -> Passage:
    """Cash that comes or goes moves the mix too."""
    if any(account.contribution_usd for account in told.household.accounts):
        return say("With the new money counted, today")
    if any(usd for _, usd in told.plan.withdrawals_paid):
        return say("With the cash you asked for set aside, today")
    return say("Markets move, and the mix moves with them: today")


def _owed(told: Told) -> Passage | None:
    """Why weights add up to more than a hundred percent: cash that is owed counts below zero."""
    if min((line.actual_weight for line in told.plan.before.lines), default=0.0) > -WORTH_NAMING:
        return None
    return say(
        "More cash is asked for than lies ready: until the sales raise it, the shares of the classes add up to more "
        "than the whole."
    )


def line_source(when: str, line: DriftLine, field: str) -> str:
    """The path to a figure of one class."""
    return f"plan.{when}.lines[asset_class={line.asset_class!r}].{field}"


def _furthest(told: Told) -> Passage | None:
    if not measurable(told):
        return None
    # cash that is owed is no holding
    lines = [line for line in told.plan.before.lines if abs(line.drift) >= WORTH_NAMING and line.actual_weight >= 0]
    lines.sort(key=lambda line: (-abs(line.drift), line.asset_class))
    if not lines:
        return None
    said = [
        say(
            "{name} at {actual} of the household, where {target} is the target"
            if at == 0
            else "{name} at {actual} instead of {target}",
            name=name(line.asset_class),
            actual=figures.share(line.actual_weight, line_source("before", line, "actual_weight")),
            target=figures.share(line.target_weight, line_source("before", line, "target_weight")),
        )
        for at, line in enumerate(lines[:MOST_NAMED])
    ]
    return say("Furthest away: {classes}.", classes=joined(said, between="; ", last="; "))


def _calls(told: Told, voice: Voice) -> Iterator[Passage]:
    """What calls for trades today, or that nothing does."""
    policy, before = told.policy, told.plan.before
    if policy.follows_tracking and before.tracking_error is not None:
        yield say(
            "We watch how far your result may stray from that of the target: by our estimate {error} a year, which it "
            "should exceed in about one year out of three. We act above {trigger}.",
            error=figures.fine_share(before.tracking_error, "plan.before.tracking_error"),
            trigger=figures.fine_share(policy.tracking_trigger, "policy.tracking_trigger"),
        )
    elif policy.most_drift is not None and policy.method in (Method.OPPORTUNISTIC, Method.FULL):
        yield say(
            "You allow {most} of drift. " + ("That is exceeded." if _beyond(told) else "That is not exceeded today."),
            most=figures.fine_share(policy.most_drift, "policy.most_drift"),
        )
    else:
        yield from _bands(told, voice)


def _beyond(told: Told) -> bool:
    return told.policy.most_drift is not None and told.plan.before.household_drift > told.policy.most_drift


def _bands(told: Told, voice: Voice) -> Iterator[Passage]:
    before = told.plan.before
    out, watched = before.outside, [line for line in before.lines if line.trigger_low is not None]
    if not watched:
        return
    if not out:
        yield say(
            voice.pick(
                "Every class is inside its band, the room in which it may move around its target. The mix by itself "
                "calls for no trade.",
                "Every class is inside its band, the leeway it has around its target, so the mix by itself needs no "
                "trades.",
            )
        )
        return
    band = voice.pick(
        "the room in which a class may move around its target", "the leeway a class has around its target"
    )
    if len(out) == 1:
        yield say(f"{{name}} is outside its band, {band}.", name=name(out[0]))
        return
    yield say(
        f"Today {{number}} of {{all}} classes are outside their bands, {band}: {{names}}.",
        number=figures.number(len(out), OUTSIDE),
        all=figures.number(len(before.lines), "count(plan.before.lines)"),
        names=named(out, OUTSIDE, 6),
    )
