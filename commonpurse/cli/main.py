"""`purse`: the commands of Commonpurse."""


def main() -> int:
    """Run the verb that the command line names."""
    return 0
