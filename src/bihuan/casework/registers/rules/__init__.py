"""Pure decisions of the registers: what actions are told, and what an institution changed."""
