"""Pure decisions of dispatch: what a text says, and how good a proposal was."""
