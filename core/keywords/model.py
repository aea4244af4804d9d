"""What is asked of a language model."""

from __future__ import annotations

from core.keywords.declared import declared

KEYWORDS = (
    declared(
        "LLM",
        "prompt [WITH OPTIMIZE FOR goal] [WITH MAX_COST cost] [WITH MAX_LATENCY latency]",
        description="What the model answers to a prompt.",
    ),
    declared("REWRITE", "text", description="The text, written better by the model."),
    declared("THINK KB", "question", description="What the knowledge bases in use say about a question."),
    declared("USE MODEL", "name:name", result=False, description="Chooses the model of this session."),
    declared(
        "SET MODEL ROUTING",
        "strategy:name [, models ...]",
        result=False,
        description="How the model of a question is chosen.",
    ),
    declared("GET CURRENT MODEL", "", description="The name of this session's model."),
    declared("LIST MODELS", "", description="The names of the models, as an array."),
)
