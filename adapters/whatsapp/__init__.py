"""WhatsApp through Twilio's Programmable Messaging.

    settings.py    what an account is configured with
    signature.py   verify: is a webhook Twilio's?
    inbound.py     parse: a webhook as events
    outbound.py    render: a message as calls to Twilio
    client.py      the twilio library's client with our time-outs, and what its errors mean
    content.py     Content resources: buttons and lists
    media.py       fetch: what people send us
    history.py     Twilio's list of messages: gap-fill and reconciliation
    adapter.py     the adapter that all of these make up

The twilio library is imported when the first account is used, in a thread: it is large.
"""

from collections.abc import Iterable

from adapters.whatsapp.adapter import WhatsApp
from trunkline import Adapter, hookimpl

trunkline_api = 1


@hookimpl
def register_adapters() -> Iterable[Adapter]:
    return [WhatsApp()]
