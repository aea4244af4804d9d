"""``trunkline serve --workers N``: several server processes behind one port, started again when they die."""
