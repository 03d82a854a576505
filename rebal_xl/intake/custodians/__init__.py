"""
Custodians' files as the tables they hold, whatever else stands in them and whatever they are called.

    layout       what a custodian's table looks like, and where one stands on a grid
    schwab, fidelity, vanguard   the layouts of one custodian each, with their quirks
    mapping      columns of a portal's export, named once and kept
    recognise    a grid with every quirk taken out, so that the one reader of tables understands it
    whose        which account of the workbook a file means, by name, number or last digits
    reconcile    positions and lots together: each share once, what does not add up is said
    statement    what a handful of files say, with every problem and its line
    merge        what a statement changes in a workbook
"""
