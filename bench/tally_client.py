"""Runs in the environment of pabutools: Equal Shares on a Pabulib file, timed. See bench/tally.py.

    python tally_client.py FILE none|add1

Prints the processor's seconds of solving alone and the winners, as one line of JSON, last.
"""

import json
import sys
import time

import pabutools.fractions
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares

# Floats are its fastest arithmetic; it is exact with gmpy2, and several times slower.
pabutools.fractions.FRACTION = "float"


def main() -> None:
    """Read, solve, print."""
    instance, profile = parse_pabulib(sys.argv[1])
    ballots = profile.as_multiprofile()
    began = time.process_time()
    chosen = method_of_equal_shares(
        instance,
        ballots,
        sat_class=Cost_Sat,
        voter_budget_increment=1 if sys.argv[2] == "add1" else None,
        binary_sat=True,
    )
    taken = time.process_time() - began
    print(json.dumps({"cpu": taken, "winners": sorted(project.name for project in chosen)}))


if __name__ == "__main__":
    main()
