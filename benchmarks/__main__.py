"""Run every benchmark: ``python -m benchmarks`` (``make bench``)."""

from __future__ import annotations

import subprocess
import sys

for name in ("language.run", "turns"):
    print(f"\n== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
