"""Gain on shares sold: proceeds less basis, and for gifts which of two bases counts.

Gifts worth less than the giver's basis have two (IRC 1015(a), Reg. 1.1015-1(a)): a gain is measured from the giver's
basis, whose holding period tacks on (IRC 1223(2)); a loss from the value on the day of the gift, and its period begins
there; a sale between the two is neither gain nor loss.
"""

from datetime import date

from rebal_xl.household import Lot, LotSource, Term
from rebal_xl.household.counts import shares_in_words
from rebal_xl.tax.holding import term, term_of_lot


def gain_of(lot: Lot, quantity: float, proceeds_usd: float, sold: date) -> tuple[float, Term | None]:
    """Gain (negative: loss) in dollars on `quantity` shares of a lot sold for `proceeds_usd`, and its term.

    The term is None where neither a date acquired nor the custodian's word is known. ValueError without a basis.
    """
    basis = basis_of(lot, quantity, proceeds_usd)
    if basis is None:
        raise ValueError(
            f"The basis of the {shares_in_words(lot.quantity)} {lot.symbol} in {lot.account} is not known, and so is "
            "no gain on them."
        )
    gain = proceeds_usd - basis
    return gain, term_of_sale(lot, gain, sold)


def basis_of(lot: Lot, quantity: float, proceeds_usd: float) -> float | None:
    """Basis in dollars of shares of a lot that are sold for `proceeds_usd`; None when it is not known."""
    if lot.basis_usd is None:
        return None
    share = quantity / lot.quantity
    basis = lot.basis_usd * share
    if not has_two_bases(lot) or lot.gift_value_usd is None:
        return basis
    # between the two the proceeds are the basis: neither gain nor loss
    return min(basis, max(lot.gift_value_usd * share, proceeds_usd))


def term_of_sale(lot: Lot, gain_usd: float, sold: date) -> Term | None:
    """Holding period of a sale; a loss on a gift with two bases counts from the day of the gift."""
    if gain_usd < 0.0 and has_two_bases(lot) and lot.gifted is not None:
        return term(lot.gifted, sold)
    if lot.acquired is None and lot.custodian_term is None and lot.source is not LotSource.INHERITED:
        return None
    return term_of_lot(lot, sold)


def has_two_bases(lot: Lot) -> bool:
    """Whether the lot is a gift that was worth less than the giver's basis."""
    if lot.source is not LotSource.GIFT or lot.basis_usd is None or lot.gift_value_usd is None:
        return False
    return lot.gift_value_usd < lot.basis_usd
