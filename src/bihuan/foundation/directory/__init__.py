"""Where things are and who is there: regions, departments, boards, enterprises."""
