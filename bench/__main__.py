"""All benches, one after the other: `make bench`."""

import subprocess
import sys

BENCHES = ("bench.ledger", "bench.dues", "bench.search", "bench.verify", "bench.pages")

for name in BENCHES:
    print(f"\n## {name}\n", flush=True)
    subprocess.run([sys.executable, "-m", name], check=True)
