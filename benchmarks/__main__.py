"""Run every benchmark: ``python -m benchmarks`` (``make bench``). Exits with 1 if one misses what it must reach."""

from __future__ import annotations

import subprocess
import sys

codes = []
for name in ("language.run", "turns"):
    print(f"\n== {name}", flush=True)
    codes.append(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
sys.exit(max(codes))
