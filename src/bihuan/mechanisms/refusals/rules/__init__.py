"""Pure decisions of refusals: what a text says, who may sit on a panel, what the votes come to."""
