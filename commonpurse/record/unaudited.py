"""Columns of audited tables that are in no leaf, each with its reason.

The tables of this list are the only way for a column to stay out of the public record; a house
test compares it with the models, so a new column is public unless somebody argues here.
"""

UNAUDITED: dict[str, str] = {}
"""`app_label.ModelName.column` -> why no leaf carries it."""
