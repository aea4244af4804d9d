"""The keywords of the host, one small file an area. Local ones are answered from the step's read set."""

from core.keywords import (
    data,
    desk,
    files,
    http,
    knowledge,
    mail,
    memory,
    model,
    people,
    prompts,
    scheduling,
    tools,
)
from interpreter.keywords import Keyword

HOST_KEYWORDS: tuple[Keyword, ...] = (
    *memory.KEYWORDS,
    *knowledge.KEYWORDS,
    *tools.KEYWORDS,
    *prompts.KEYWORDS,
    *people.KEYWORDS,
    *data.KEYWORDS,
    *http.KEYWORDS,
    *files.KEYWORDS,
    *mail.KEYWORDS,
    *scheduling.KEYWORDS,
    *model.KEYWORDS,
    *desk.KEYWORDS,
)
