"""Notices: telling the right people once, in the product and through the channels a place has set up."""
