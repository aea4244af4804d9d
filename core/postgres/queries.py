"""The statements and migrations of this folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from core import sql

FOLDER = Path(__file__).parent

load = partial(sql.load, FOLDER)
