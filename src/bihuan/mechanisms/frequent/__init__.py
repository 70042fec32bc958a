"""高频事项清单: what is raised again and again, taken by a leader, answered on the spot, or else ordered."""
