"""`rebal-xl security`: what the security master knows of symbols, with the source of each fact."""

from collections.abc import Sequence

from rich.text import Text

from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import plain_table, say_heading
from rebal_xl.intake.classes import mix_text
from rebal_xl.measure.security_master import KnownFund, SecurityMaster, security_master

UNKNOWN = "not known"


def security(screen: Screen, symbols: Sequence[str]) -> Exit:
    """Show each symbol; exit code 1 when one of them is not known."""
    with ending_well(screen, "security"):
        master = security_master()
        wanted = [written.strip().upper() for written in symbols]
        for symbol in wanted:
            fund = master.get(symbol)
            if fund is None:
                screen.err.print(f"{symbol} is not in the security master of {master.date:%m/%d/%Y}.", soft_wrap=True)
            else:
                _show(screen, fund, master)
    return Exit.DONE if master.funds.keys() >= set(wanted) else Exit.PROBLEMS


def _show(screen: Screen, fund: KnownFund, master: SecurityMaster) -> None:
    say_heading(screen.out, f"{fund.symbol}: {fund.name}")
    table = plain_table()
    table.show_header = False
    table.add_column("Fact", no_wrap=True)
    table.add_column("Value")
    for name, value in facts(fund, master):
        table.add_row(Text(name), Text(value))
    screen.out.print(table)


def facts(fund: KnownFund, master: SecurityMaster) -> list[tuple[str, str]]:
    """What is known of a fund, fact by fact, in words."""
    source, mix = master.sources[fund.source], master.mixes.get(fund.fund)
    parts = master.parts(fund)
    told = [
        ("Asset class", mix_text(parts) if parts else UNKNOWN),
        ("Issuer", fund.issuer),
        ("Kind", fund.kind),
        ("Index", fund.index_tracked or "none, or not known"),
        ("Identical to", ", ".join(master.siblings(fund)) or "itself only"),
        ("Replacement", fund.replacement or "none named"),
    ]
    if fund.collectible:
        told.append(("Collectible", "Yes"))
    told.append(("Source", f"{source.document} ({source.publisher}), as known on {source.known_as_of:%m/%d/%Y}"))
    if mix is not None and not fund.asset_class:
        of_mix = master.sources[mix.source]
        told.append(("Source of the mix", f"{of_mix.document}, {mix.as_of:%m/%d/%Y}"))
    return told
