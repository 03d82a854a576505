"""Words that tell what a name, a row or a number is: an account's treatment, a total, thousands."""

import re

from rebal_xl.household import TaxTreatment

# Words of an account's name that tell its treatment; the first that fits counts, and taxable is what is left.
NAME_TELLS = (
    (TaxTreatment.ROTH, re.compile(r"\broth\b", re.IGNORECASE)),
    (TaxTreatment.HSA, re.compile(r"\bhsa\b|health savings", re.IGNORECASE)),
    (
        TaxTreatment.TAX_DEFERRED,
        re.compile(
            r"\b(ira|sarsep|rollover|keogh|tsp|401 ?\(?k\)?|403 ?\(?b\)?|457|pension|profit sharing)(\b|$|\))",
            re.IGNORECASE,
        ),
    ),
)
TOTAL_WORDS = re.compile(
    r"(grand|sub|account|accounts|position|positions|portfolio|household|overall)?[ -]*totals?"
    r"( value| assets| market value| portfolio| account value)?[ :]*",
    re.IGNORECASE,
)
TOTAL_START = re.compile(r"(grand|sub|accounts?|positions?|portfolio|household|overall)?[ -]*totals?\b", re.IGNORECASE)
TOTAL_END = re.compile(r".*[^\W\d]\W+(sub-?)?totals?[ :]*", re.IGNORECASE)
TOTAL_LAST = re.compile(r"\W+(sub-?)?totals?[ :]*$", re.IGNORECASE)
# Words that dollars are told in thousands.
THOUSANDS = re.compile(
    r"\$ ?0{3}s?\b|\(0{3}s?\)|\bin thousands\b(?! of (shares|units))|\bthousands of dollars\b|\bin \$?k\b"
    r"|\(\$ ?k\)|\$ ?thousands?\b|\(thousands\)",
    re.IGNORECASE,
)
# Words that they are not, whatever stands above.
IN_DOLLARS = re.compile(r"\(in dollars\)", re.IGNORECASE)
