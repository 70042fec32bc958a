"""联席会议 (J1–J8): what a department alone cannot solve is taken up, decided by those who can, and followed."""
