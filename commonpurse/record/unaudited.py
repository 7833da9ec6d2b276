"""Columns of audited tables that are in no leaf, each with its reason.

The tables of this list are the only way for a column to stay out of the public record; a house
test compares it with the models, so a new column is public unless somebody argues here.
"""

UNAUDITED: dict[str, str] = {
    # groups
    "groups.Membership.person_id": (
        "links a public member id to a person; the record names members by their random id alone"
    ),
}
"""`app_label.ModelName.column` -> why no leaf carries it."""
