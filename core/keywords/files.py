"""Files of the bot."""

from __future__ import annotations

from core.keywords.declared import declared

KEYWORDS = (
    declared("READ", "path", description="A file's text."),
    declared("WRITE", "path , content", "content TO path", description="Writes a text into a file."),
    declared("LIST", "path", description="A folder's files: name, path, size, modified."),
    declared("DIR", "path", description="The same as LIST."),
    declared("COPY", "source (, | TO) target", description="Copies a file."),
    declared("MOVE", "source (, | TO) target", description="Moves or renames a file."),
    declared("DELETE FILE", "path", description="Removes a file."),
    declared("UPLOAD", "file [(, | TO) target]", description="Keeps a file; its address."),
    declared("DOWNLOAD", "url [(, | TO) path]", description="Fetches a file from the web; its path."),
    declared(
        "SEND FILE",
        "file [, caption]",
        result=False,
        description="Sends a file to the person.",
    ),
    declared(
        "SEND FILE TO",
        "recipient , file [, caption]",
        result=False,
        description="Sends a file to somebody else.",
    ),
)
