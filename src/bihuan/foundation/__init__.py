"""Foundation: knows nothing about cases. Kernel, people, places, ledger, calendar, rulebooks, notices, look."""
