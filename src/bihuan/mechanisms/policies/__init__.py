"""惠企政策: clauses that say who gets what, matched with enterprises; money that comes without an application."""
