"""重点项目: milestones with lights, blocking points that become matters, and what was signed, started and paid."""
