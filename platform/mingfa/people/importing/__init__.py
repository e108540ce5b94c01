"""花名册 (domain guide §9.3): from a spreadsheet to checked entries. Pure: no Django, no database.

    columns   which heading means what
    fields    one cell to one value, or a finding
    roster    a workbook to entries, skipped rows and findings
    units     a list of units to names with kind and parent
    report    the result as JSON for programs
"""
