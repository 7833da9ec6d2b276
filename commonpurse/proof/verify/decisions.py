"""To come with the tables."""

from commonpurse.proof.verify.tables import Tables


def decisions_check(tables: Tables, *_args: object) -> dict[str, int]:
    """Nothing yet."""
    return {}
