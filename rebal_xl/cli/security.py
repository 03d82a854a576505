"""`rebal-xl security`: what the security master knows of symbols, each fact with its source."""

from collections.abc import Sequence

from rich.text import Text

from rebal_xl.cli import documents, figures
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import plain_table, say_heading
from rebal_xl.household import Problem, Severity
from rebal_xl.intake.classes import mix_text
from rebal_xl.measure.security_master import RULE, KnownFund, SecurityMaster, security_master

UNKNOWN = "not known"


def security(screen: Screen, symbols: Sequence[str]) -> Exit:
    """Show each symbol; exit code 1 when one of them is not known."""
    with ending_well(screen, "security"):
        master = security_master()
        wanted = list(dict.fromkeys(written.strip().upper() for written in symbols))
        known = [master.funds[symbol] for symbol in wanted if symbol in master.funds]
        code = Exit.DONE if len(known) == len(wanted) else Exit.PROBLEMS
        missing = [_missing(symbol, master) for symbol in wanted if symbol not in master.funds]
        if screen.as_json:
            screen.write(documents.as_text(_document(known, missing, master, code)))
            return code
        for fund in known:
            _show(screen, fund, master)
        for problem in missing:
            screen.err.print(problem.message, soft_wrap=True)
    return code


def _missing(symbol: str, master: SecurityMaster) -> Problem:
    return Problem(
        f"{symbol} is not in the security master of {master.date:%m/%d/%Y}.",
        "Describe it in Securities.",
        severity=Severity.ERROR,
        code="unknown-symbol",
    )


def _show(screen: Screen, fund: KnownFund, master: SecurityMaster) -> None:
    say_heading(screen.out, f"{fund.symbol}: {fund.name}")
    table = plain_table()
    table.show_header = False
    table.add_column("Fact", no_wrap=True)
    table.add_column("Value")
    table.add_column("Source")
    for line in facts(fund, master):
        table.add_row(*(Text(each) for each in line))
    screen.out.print(table)


def facts(fund: KnownFund, master: SecurityMaster) -> list[tuple[str, str, str]]:
    """What is known of a fund, fact by fact: its name, its value, its source in words."""
    parts, mix = master.parts(fund), master.mixes.get(fund.fund)
    of_class = mix.sources if mix and not fund.asset_class else (fund.class_source,) if fund.asset_class else ()
    named = master.sources[fund.name_source].words
    read = "; ".join(master.sources[source].words for source in of_class)
    told = [
        ("Asset class", mix_text(parts) if parts else UNKNOWN, read),
        ("Issuer", fund.issuer, named),
        ("Kind", fund.kind, named),
        (
            "Index",
            fund.index_tracked or "none, or not known",
            master.sources[fund.index_source].words if fund.index_source else "",
        ),
        (
            "Identical to",
            ", ".join(master.siblings(fund)) or "itself only",
            "; ".join(master.sources[source].words for source in _family_sources(fund, master))
            if master.siblings(fund)
            else "",
        ),
        (
            "Replacement",
            fund.replacement or "none proposed",
            master.sources[RULE].title if fund.replacement else "",
        ),
    ]
    if fund.collectible:
        told.append(("Collectible", "Yes", "the fund's name"))
    return told


def _family_sources(fund: KnownFund, master: SecurityMaster) -> list[str]:
    return sorted({master.funds[symbol].fund_source for symbol in master.families[fund.fund]})


def _document(
    known: Sequence[KnownFund], missing: Sequence[Problem], master: SecurityMaster, code: Exit
) -> documents.Document:
    """Of `rebal-xl security --json`."""
    answer = {"edition": figures.day(master.date), "symbols": [_entry(fund, master) for fund in known]}
    return documents.head("security", missing, code) | {"security": answer}


def _entry(fund: KnownFund, master: SecurityMaster) -> documents.Document:
    mix = master.mixes.get(fund.fund)
    by_mix = mix is not None and not fund.asset_class
    sources = mix.sources if mix is not None and by_mix else (fund.class_source,) if fund.class_source else ()
    return {
        "classes": [{"name": name, "weight": figures.weight(weight)} for name, weight in master.parts(fund)],
        "classes_as_of": figures.day(mix.as_of) if mix is not None and by_mix else None,
        "classes_sources": [_source(source, master) for source in sources],
        "collectible": bool(fund.collectible),
        "fund": fund.fund,
        "fund_sources": [_source(source, master) for source in _family_sources(fund, master)],
        "identical_to": list(master.siblings(fund)),
        "index": fund.index_tracked or None,
        "index_source": _source(fund.index_source, master) if fund.index_source else None,
        "issuer": fund.issuer,
        "kind": fund.kind,
        "name": fund.name,
        "name_source": _source(fund.name_source, master),
        "replacement": fund.replacement or None,
        "symbol": fund.symbol,
    }


def _source(key: str, master: SecurityMaster) -> documents.Document:
    source = master.sources[key]
    return {
        "address": source.address or None,
        "dated": figures.day(source.dated) if source.dated else None,
        "kind": source.kind,
        "read": figures.day(source.read),
        "title": source.title,
    }
