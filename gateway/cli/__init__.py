"""The command line: one short function per command, no logic of its own.

Exit codes: 0 good, 1 failed, 2 usage, 65 a script does not compile, 78 configuration. Commands import what
they need when they run, so that ``trunkline check`` does not pay for a web server.
"""

from gateway.cli.main import main

__all__ = ["main"]
