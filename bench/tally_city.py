"""A city-like election: costs spread over two orders of magnitude, votes by Zipf's law."""

from pathlib import Path

import numpy as np

BUDGET_SHARE = 0.3
ZIPF = 0.8
CHUNK = 100_000


def city_write(path: Path, *, voters: int, projects: int, approvals: int = 10) -> None:
    """Write a Pabulib file; the same numbers always give the same file."""
    chance = np.random.default_rng(voters + projects)
    costs = np.round(np.exp(chance.normal(11, 1, projects)), -2).astype(int) + 1000
    weights = chance.permutation(1 / np.arange(1, projects + 1) ** ZIPF)
    edges = np.cumsum(weights / weights.sum())
    with path.open("w", encoding="utf-8") as file:
        file.write(f"META\nkey;value\nbudget;{int(costs.sum() * BUDGET_SHARE)}\n")
        file.write(f"vote_type;approval\nnum_projects;{projects}\nnum_votes;{voters}\n")
        file.write("PROJECTS\nproject_id;cost\n")
        file.writelines(f"{at};{cost}\n" for at, cost in enumerate(costs))
        file.write("VOTES\nvoter_id;vote\n")
        for begin in range(0, voters, CHUNK):
            count = min(CHUNK, voters - begin)
            drawn = np.searchsorted(edges, chance.random((count, approvals)))
            drawn = np.minimum(drawn, projects - 1)
            for at, row in enumerate(drawn.tolist()):
                file.write(f"{begin + at};{','.join(map(str, dict.fromkeys(row)))}\n")
