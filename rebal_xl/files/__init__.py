"""
Workbook files without Excel: read them, and graft our sheets into them with the rest proven untouched.

    reader, csvbook   a workbook or CSV file -> grids, for intake
    graft             our result sheets -> the advisor's workbook (built, retire, insert, views, transplant, styles)
    studies           a study's household and returns in, its workbook out
    save              whole or not at all, with a backup
    package, opc      the zip file's parts, and how they refer to each other; refuses files built to do harm
    xmltext           edits between the old bytes of a part
"""
