"""Columns of audited tables that are in no leaf, each with its reason.

The tables of this list are the only way for a column to stay out of the public record; a house
test compares it with the models, so a new column is public unless somebody argues here.
"""

UNAUDITED: dict[str, str] = {
    # decisions
    "decisions.Ballot.voter_member_id": (
        "links a ballot's pseudonym to a member; the ballot is secret to the public"
    ),
    # groups
    "groups.Membership.person_id": (
        "links a public member id to a person; the record names members by their random id alone"
    ),
    # treasury
    "treasury.BankLine.line_key": (
        "tells whether a bank's line was imported before; made from the payer's private text under "
        "the fund's key, so the record commits to that text by text_mac alone"
    ),
}
"""`app_label.ModelName.column` -> why no leaf carries it."""
