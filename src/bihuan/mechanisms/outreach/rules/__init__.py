"""Pure decisions of outreach: what a code says, when a rating is bad, what a group may be shown."""
