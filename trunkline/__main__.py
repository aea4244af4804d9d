"""``python -m trunkline``: the command line. The one file here that may import ``gateway``."""

from gateway.cli import main

if __name__ == "__main__":
    main()
