"""Founding a co-op: a wizard of one question a page, and the draft that founders write together."""
