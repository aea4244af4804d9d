"""From our syntax tree to Python's: analysis, types, expressions, statements, blocks.

Nothing here runs a script. A procedure that cannot suspend becomes a plain function; one that can is cut
into blocks where it suspends, and nowhere else.
"""

LOWERING_VERSION = 1  # raised when hoisting changes the names of temporaries or the ordinals of points
