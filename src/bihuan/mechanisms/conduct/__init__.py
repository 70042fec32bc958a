"""政商交往清单、清廉民企清单: published lists of what to do and what not, and examinations by them."""
