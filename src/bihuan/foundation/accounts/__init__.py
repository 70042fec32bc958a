"""Who works here: persons, what they are appointed to, how they log in, what of the rest they may see."""
