"""Pages of the three administrators (三员): people and their offices, departments, boards, calendar, rulebooks, record.

Everybody of the three may look; who may change what is declared at each view and checked again by the services below:
the system administrator keeps accounts, structure, calendar and rulebooks, the security administrator appoints, the
audit administrator reads who did what.
"""
