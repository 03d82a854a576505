"""No free-standing figure: every number of the page is one of the explanation's, or a cell of the plan's own tables."""

import re

import pytest

from rebal_xl.household import Side
from rebal_xl.household.views import class_views, heat_map, realised_views
from tests.report.homes import STORIES, Story, story
from tests.report.reading import numbers, one, parsed, per_cent, rows, shapes, text


@pytest.fixture(params=STORIES)
def told(request) -> Story:
    return story(request.param)


@pytest.fixture
def root(told):
    return parsed(told.page())


def percent(weight):
    written = f"{100 * weight:.1f}%"
    return "0.0%" if written == "-0.0%" else written


def signed(weight):
    written = f"{100 * weight:+.1f}%"
    return "0.0%" if written in ("-0.0%", "+0.0%") else written


def dollars(usd):
    written = f"{abs(usd):,.0f}"
    return f"-${written}" if usd < 0 and written != "0" else f"${written}"


def exact(usd):
    written = f"{abs(usd):,.2f}"
    return f"-${written}" if usd < 0 and written != "0.00" else f"${written}"


def money(amounts):
    """Cents for a column whose amounts are all below $10,000."""
    return exact if max(map(abs, amounts), default=0) < 10_000 else dollars


def tidy(name):
    return " ".join(name.split())


def names_of(told: Story):
    household = told.household
    named = [household.name, told.policy.firm, *(account.name for account in household.accounts)]
    named += [account.custodian for account in household.accounts] + [person.name for person in household.people]
    named += [payer.taxpayer for payer in household.taxpayers]
    named += [part for security in household.securities for part in (security.symbol, security.name)]
    named += [lot.lot_id for lot in household.lots]
    named += [view.asset_class for view in class_views(told.plan)]
    return sorted({tidy(name) for name in named}, key=len, reverse=True)


def test_the_words_are_those_of_the_explanation(told, root):
    sections = one(root, '//section[@id="explained"]').xpath('.//section[@class="told"]')
    assert len(sections) == len(told.told.sections)
    for element, section in zip(sections, told.told.sections, strict=True):
        shown = [text(part) for part in element.xpath("./p|./ul/li")]
        assert shown == [tidy(passage.text) for passage in section.passages]
        assert text(one(element, "./h3")) == section.title
    small = [text(part) for part in one(root, "//footer").xpath("./p")]
    assert small[: len(told.told.small_print)] == [tidy(passage.text) for passage in told.told.small_print]


def test_numbers_in_sentences_are_the_explanations_figures(told):
    passages = [one for section in told.told.sections for one in section.passages]
    for passage in (*passages, *told.told.small_print):
        figures = [number for figure in passage.figures for number in numbers(figure.text)]
        assert sorted(numbers(passage.text, passage.names)) == sorted(figures), passage.text


def test_what_is_seen_first_is_the_explanations(told, root):
    cards = root.xpath('//dl[@class="headlines"]/div')
    assert [(text(card.find("dt")), text(one(card, './/span[@class="big"]'))) for card in cards] == [
        (headline.label, headline.figure.text) for headline in told.told.headlines
    ]


def test_no_other_number_stands_anywhere(told, root):
    """What is left without words, headlines, drawings and tables: the day, and numbers that belong to a name."""
    body = one(root, "//body")
    for part in body.xpath('.//*[self::table or self::svg or @class="told" or @class="headlines"]'):
        part.getparent().remove(part)
    footer = one(body, "./footer")
    for paragraph in footer.xpath("./p")[: len(told.told.small_print)]:
        footer.remove(paragraph)
    day = told.plan.as_of
    ordered = [trade.amount_usd for trade in told.plan.trades]
    sums = [sum(t.amount_usd for t in told.plan.trades if t.side is side) for side in (Side.SELL, Side.BUY)]
    allowed = {str(day.day), str(day.year), *(money(ordered)(usd) for usd in sums)}
    left = text(body)
    for line in told.policy.disclosure.splitlines():
        left = left.replace(tidy(line), " ")
    assert set(numbers(left, names_of(told))) <= allowed
    assert f"As of November {day.day}, {day.year}." in left


def test_the_classes_are_the_plans(told, root):
    views = class_views(told.plan)
    shown = rows(one(root, '//section[@id="classes"]//table'))
    total = shown.pop()
    assert len(shown) == len(views)
    for cells, view in zip(shown, views, strict=True):
        band = "–" if view.low is None else f"{percent(view.low)} to {percent(view.high)}"
        assert cells == [
            tidy(view.asset_class), percent(view.before), percent(view.target), percent(view.after), band,
            dollars(view.before_usd), dollars(view.after_usd),
        ]  # fmt: skip
    assert total[0] == "All"
    assert total[-2:] == [dollars(sum(v.before_usd for v in views)), dollars(sum(v.after_usd for v in views))]
    assert total[2] == percent(sum(view.target for view in views)) == "100.0%"
    marked = [text(cell) for cell in root.xpath('//section[@id="classes"]//*[@class="outside"]')]
    outside = [
        percent(weight)
        for view in views
        for weight in (view.before, view.after)
        if view.low is not None and not view.low - 1e-7 <= weight <= view.high + 1e-7
    ]
    assert marked == outside


def test_the_accounts_hold_what_the_plan_says(told, root):
    held = heat_map(told.plan)
    tables = root.xpath('//section[@id="accounts"]//table')
    columns = [text(head) for table in tables for head in table.xpath("./thead/tr/th")[1:]]
    assert columns == [tidy(name) for name in held.accounts]
    for table in tables:
        accounts = [held.accounts.index(name) for name in held.accounts if tidy(name) in
                    [text(head) for head in table.xpath("./thead/tr/th")[1:]]]  # fmt: skip
        shown = {cells[0]: cells[1:] for cells in rows(table)}
        for place, asset_class in enumerate(held.classes):
            pairs = [(held.before_usd[a][place], held.after_usd[a][place]) for a in accounts]
            if any(round(usd) for pair in pairs for usd in pair):
                assert shown.pop(tidy(asset_class)) == [cell(*pair) for pair in pairs]
        whole = [(sum(held.before_usd[a]), sum(held.after_usd[a])) for a in accounts]
        assert shown.pop("Whole account") == [cell(*pair) for pair in whole]
        assert not shown


def cell(before, after):
    if not round(before) and not round(after):
        return ""
    changed = dollars(after - before)
    return dollars(after) + ("" if changed == "$0" else changed if changed.startswith("-") else f"+{changed}")


def test_the_trades_are_the_plans(told, root):
    plan = told.plan
    shown = [cells for table in root.xpath('//table[contains(@class, "trades")]') for cells in rows(table)]
    lines = [cells for cells in shown if len(cells) > 1]
    assert len(lines) == len(plan.trades)
    assert [cells[0] for cells in shown if len(cells) == 1] == sorted({tidy(t.account) for t in plan.trades})
    write = money([trade.amount_usd for trade in plan.trades])
    known = {security.symbol: security.name for security in told.household.securities}
    wanted = []
    for trade in plan.trades:
        side = "Sell all" if trade.closes_position and trade.side is Side.SELL else trade.side.value
        wanted.append((tidy(trade.account), side != "Buy", trade.symbol + tidy(known[trade.symbol]), side,
                       write(trade.amount_usd), trade.quantity, tidy(trade.reason)))  # fmt: skip
    account = ""
    for cells in shown:
        if len(cells) == 1:
            account = cells[0]
            continue
        side, security, amount, shares, why = cells
        # the name below the symbol starts where the symbol ends
        wanted.remove((account, side != "Buy", security, side, amount, float(shares.replace(",", "")), why))
    assert not wanted


def test_gains_ways_and_steps_are_the_plans(told, root):
    plan = told.plan
    for table in root.xpath('//section[@id="gains-and-losses"]//table'):
        views = realised_views(plan)
        figures = [(v.gains_usd, v.losses_usd, v.disallowed_usd, v.net_usd) for v in views]
        write = money([usd for row in figures for usd in row])
        assert [cells[1:] for cells in rows(table)] == [[write(usd) for usd in row] for row in figures]
    for table in root.xpath('//section[@id="ways"]//table'):
        write = money([usd for way in plan.compared for usd in (way.tax_usd, way.cost_usd)])
        assert rows(table) == [
            [way.name, write(way.tax_usd), write(way.cost_usd), percent(way.household_drift), str(way.orders)]
            for way in plan.compared
        ]
    assert bool(told.frontier) == bool(root.xpath('//section[@id="steps"]'))
    if told.frontier:
        found = told.frontier
        plans = [(percent(point.drift_cap), point.plan) for point in found.points] + [("This plan", found.chosen)]
        write = money([usd for _, each in plans for usd in (each.paid_usd, each.tax.cost_usd)])
        assert rows(one(root, '//section[@id="steps"]//table')) == [
            [first, percent(each.after.household_drift), write(each.paid_usd), write(each.tax.cost_usd),
             str(len(each.trades))]
            for first, each in plans
        ]  # fmt: skip


def test_figures_on_the_drawings_are_those_of_their_bars(told, root):
    views = class_views(told.plan)
    values = [text(shape) for shape in shapes(root, "allocation", "value")]
    assert values == [figure for view in views for figure in (percent(view.before), percent(view.after))]
    targets = [text(shape) for shape in shapes(root, "allocation", "note")]
    assert targets == [f"Target {percent(view.target)}" for view in views]
    values = [text(shape) for shape in shapes(root, "drift", "value")]
    assert values == [figure for view in views for figure in (signed(view.drift_before), signed(view.drift_after))]
    if root.xpath('//figure[@id="gains"]'):
        amounts = [usd for v in realised_views(told.plan) for usd in (v.gains_usd, v.losses_usd)]
        values = [text(shape) for shape in shapes(root, "gains", "value")]
        assert values == [money(amounts)(usd) for usd in amounts if round(usd, 2)]
    if root.xpath('//figure[@id="comparison"]'):
        amounts = [usd for way in told.plan.compared for usd in (way.tax_usd, way.cost_usd)]
        assert [text(shape) for shape in shapes(root, "comparison", "value")] == [money(amounts)(a) for a in amounts]


def test_what_a_drawing_is_called_for_the_blind_names_figures_of_the_plan(told, root):
    views, plan = class_views(told.plan), told.plan
    allowed = {percent(weight) for view in views for weight in (view.before, view.target, view.after)}
    realised = [usd for view in realised_views(plan) for usd in (view.gains_usd, view.losses_usd)]
    ways = [usd for way in plan.compared for usd in (way.tax_usd, way.cost_usd)]
    allowed |= {money(realised)(usd) for usd in realised} | {money(ways)(usd) for usd in ways}
    allowed |= {percent(plan.after.household_drift), money([plan.paid_usd])(plan.paid_usd)}
    for drawing in root.iter("svg"):
        for said in (drawing.find("title"), drawing.find("desc")):
            assert set(numbers(text(said), names_of(told))) <= allowed


def test_lines_of_the_frontier_stand_where_they_say():
    """$0 lies at the bottom and 0 % at the left: every other line must stand in proportion between them."""
    root = parsed(story("sample").page())
    drawing = one(root, '//figure[@id="frontier"]//svg')
    labels = [(text(each), each) for each in drawing.xpath('./text[@class="tick"]')]
    down = {float(re.sub(r"[$,]", "", said)): float(each.get("y")) for said, each in labels if "$" in said}
    over = {float(said[:-1]) / 100: per_cent(each.get("x")) for said, each in labels if "%" in said}
    assert len(down) >= 3
    assert len(over) >= 3
    found = story("sample").frontier
    spots = sorted((point.drift, point.plan.paid_usd) for point in found.points)
    spots.append((found.chosen.after.household_drift, found.chosen.paid_usd))
    dots = drawing.xpath("./circle")
    assert len(dots) == len(spots)

    def between(marks, value):
        (low, at), (high, there) = min(marks.items()), max(marks.items())
        return at + (value - low) / (high - low) * (there - at)

    for dot, (drift, usd) in zip(dots, spots, strict=True):
        # a label's baseline is four pixels above its line
        assert float(dot.get("cy")) == pytest.approx(between(down, usd) + 4.0, abs=0.05)
        assert per_cent(dot.get("cx")) == pytest.approx(between(over, drift), abs=0.05)
