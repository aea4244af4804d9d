"""Keywords that the host answers inside a step, from the step's read set. One small file an area."""

from core.keywords import knowledge, memory, people, prompts, tools
from interpreter.keywords import Keyword

HOST_KEYWORDS: tuple[Keyword, ...] = (
    *memory.KEYWORDS,
    *knowledge.KEYWORDS,
    *tools.KEYWORDS,
    *prompts.KEYWORDS,
    *people.KEYWORDS,
)
