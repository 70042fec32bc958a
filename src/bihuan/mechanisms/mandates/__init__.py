"""聘任台账: supervisors, liaison officers, monitoring points, and who serves at which “cannot get it done” window."""
