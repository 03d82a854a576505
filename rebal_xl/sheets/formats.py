"""Excel number formats and the limits that columns share."""

# Dollars and cents; a minus sign, not colour alone, tells a loss.
DOLLARS = "$#,##0.00;-$#,##0.00"
# Whole dollars, for summaries.
WHOLE_DOLLARS = "$#,##0;-$#,##0"
# Prices: bonds and money funds are quoted with four decimals.
PRICE = "$#,##0.00##"
# The change of a line: the sign is part of the message.
SIGNED_DOLLARS = "+$#,##0.00;-$#,##0.00;$0.00"
PERCENT = "0.00%"
SIGNED_PERCENT = "+0.00%;-0.00%;0.00%"
# Funds are traded in thousandths of a share.
SHARES = "#,##0.000"
WHOLE_SHARES = "#,##0"
WHOLE = "0"
NUMBER = "0.00"
# Four decimals tell one correlation-sized number from another.
COVARIANCE = "0.000000"
DATE = "mm/dd/yyyy"
TEXT = "@"
FLAG_WORDS = ("Yes", "No")
