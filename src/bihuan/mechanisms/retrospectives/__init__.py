"""三个一复盘: what follows a closing; one case dissected, one report, and what is learnt from it (R1–R6)."""
