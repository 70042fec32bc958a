"""Official days and office hours: what working time is, in which place, by which notice."""
