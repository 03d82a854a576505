"""The sample household as the files three custodians would have exported for it, quirks and all."""

from pathlib import Path

from rebal_xl.sample import accounts as at
from rebal_xl.sample.custodian_fidelity import fidelity_lots, fidelity_positions
from rebal_xl.sample.custodian_schwab import schwab_lots, schwab_positions
from rebal_xl.sample.custodian_vanguard import vanguard_holdings, vanguard_lots
from rebal_xl.sample.household import sample_household

# What each custodian's files call the accounts: Schwab by title, Vanguard by number, Fidelity by number and name.
SCHWAB_TITLES = {at.JOINT: "Joint Brokerage ...418", at.TRUST: "Living Trust ...902"}
FIDELITY_NUMBERS = {name: at.NUMBERS[name] for name in (at.ALEX_IRA, at.ALEX_401K, at.HSA)}
VANGUARD_NUMBERS = {name: at.NUMBERS[name] for name in (at.JORDAN_IRA, at.JORDAN_ROTH, at.JORDAN_403B)}


def write_custodian_files(folder: Path) -> tuple[Path, ...]:
    """Write the six files of the three custodians into a folder, made when missing; returns their paths."""
    household = sample_household()
    texts = {
        "Schwab-All-Accounts-Positions-2026-11-20.csv": schwab_positions(household, SCHWAB_TITLES),
        "Schwab-Lot-Details-2026-11-20.csv": schwab_lots(household, SCHWAB_TITLES),
        "Fidelity-Portfolio_Positions_Nov-20-2026.csv": fidelity_positions(household, FIDELITY_NUMBERS),
        "Fidelity-Lots_Nov-20-2026.csv": fidelity_lots(household),
        "Vanguard-Download.csv": vanguard_holdings(household, VANGUARD_NUMBERS),
        "Vanguard-Cost-Basis.csv": vanguard_lots(household, VANGUARD_NUMBERS),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        # bytes, because text mode would write other line ends on another system
        (folder / name).write_bytes(text.encode("utf-8"))
    return tuple(folder / name for name in texts)
