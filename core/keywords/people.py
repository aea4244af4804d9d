"""What is shown of a session's person. Only a channel or a signed identity says who someone is."""

from __future__ import annotations

from typing import Any

from core.host import Host
from interpreter.errors import BasicError
from interpreter.keywords import Keyword


def set_user(host: Host, name: Any, email: Any, id: Any) -> None:
    if email is None and id is None:
        raise BasicError(
            "SET USER cannot say who a person is",
            5001,
            "E_PERMISSION",
            "sign people in with an identity token; SET USER name, email, id only fills in what is shown",
        )
    host.set_profile(name=name, email=email, external_id=id)


KEYWORDS = (
    Keyword(
        phrase="SET USER",
        forms=("name , email , id", "name , email", "name"),
        effect="local",
        result=False,
        handler=set_user,
        description="Fills in the name, e-mail address and outside id shown for this person; grants nothing.",
    ),
)
