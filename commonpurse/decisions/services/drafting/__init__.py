"""Writes of drafts: beginning one, changing it, inviting, suggesting, opening the vote."""
