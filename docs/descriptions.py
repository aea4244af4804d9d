"""What the tables of the reference say of settings and names that the code only lists."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "session-timeout": "without a message for so long, a session counts as idle; it goes on when the person writes",
    "session-message-history": "messages that a language model is to be given; nothing reads it yet",
    "session-variable-limit": "what all variables of a session may take as JSON",
    "session-rate-limit": "messages of one session",
    "session-max-concurrent": "sessions at once on the server: the largest value of its bots, else 1000",
    "session-create-rate-limit": "new sessions of an address; 120 if neither the bot nor the server says more",
    "session-anonymous-retention-days": "an anonymous session is removed so long after its last message",
    "token-lifetime-days": "how long a known person's token is valid; an anonymous one lives as long as its session",
    "api-rate-limit": "requests of an address that carry a token; 0: no limit",
    "ws-per-address": "open sockets and streams of an address; 0: no limit",
    "upload-max-size": "size of a file that a person sends",
    "hear-timeout-secs": "how long a `HEAR` waits; then its `DEFAULT` is taken, else it is an error; 0: for ever",
    "hear-max-retries": "answers that may be refused before the `DEFAULT` is taken, or an empty text",
    "reply-timeout": "how long a request waits for the bot's answer; what comes later is in the log",
    "outside-timeout": "how long a keyword that asks another service may take",
    "type-ahead": "a message that comes while the bot is busy: `answer` it afterwards, or say `wait-message`",
    "on-change": "conversations that wait when a script changes: `finish_old` script, or `restart` in the new",
    "script-budget": "units of work between two questions",
    "start-dialog": "script with which a conversation begins",
    "welcome-message": "said when there is no such script",
    "error-message": "said when a script fails",
    "help-message": "said on `/help`; without one, the words that may be said",
    "wait-message": "said when too many messages wait for a busy bot",
    "rate-message": "said above `session-rate-limit`",
    "answered-message": "said when an old menu is tapped, or a question answered elsewhere",
    "command-words": "words that act at any time; `again=/restart` gives one another name, empty is none",
    "opt-out-words": "words on which a bot falls silent for that person (WhatsApp)",
    "opt-in-words": "words on which it speaks again",
    "allowed-origins": "sites whose pages may hold the chat: `https://www.example.com`",
    "directline-secret": "for Direct Line clients; that channel is not built yet",
    "identity-secret": "key of signed identity tokens (HS256), by which a page says who its visitor is",
    "identity-jwks-url": "address of the public keys of identity tokens that are signed otherwise",
    "identity-issuer": "what the `iss` of an identity token must be",
    "identity-audience": "what the `aud` of an identity token must hold",
    "timezone": "of `NOW()`, of dates that people type, and of dates that are printed",
    "default-language": "of questions asked again, and of what people type as numbers and dates",
    "bot-name": 'name on the page, and `GET "bot.name"`; else the folder\'s',
    "theme-title": "title of the page, if another than the name",
    "theme-color1": "main colour of the page, as in CSS",
    "theme-color2": "second colour of the page",
    "theme-logo": "address of a picture for the page's head",
}
"""Keys of config.csv."""

NAMES: Mapping[str, str] = {
    "session_id": "the session's id",
    "user_id": "the person's id, or null while nobody knows who it is",
    "bot_id": "the bot's name",
    "channel": "the channel: `web`, `whatsapp` …",
    "username": "the person's name, as far as the channel tells it",
    "user": "an object with `id`, `name`, `email` and `phone`",
    "from": "the person's address on the channel, such as a telephone number",
    "mobile": "the same",
    "message": "the words that began this run; empty when the conversation was opened",
}
"""Variables that are set at the start of a run."""

PATHS: Mapping[str, str] = {
    "session.id": "the session's id",
    "session.user_id": "the person's id, or null",
    "session.user_name": "the person's name, e-mail address and telephone number, as far as they are known",
    "session.bot": "the bot's name",
    "session.channel": "the channel of the last message",
    "session.state": "`active` or `idle`",
    "session.message_count": "messages that the person has sent, this one included",
    "session.created_at": "when the session began",
    "session.last_activity": "when the person wrote last",
    "session.is_authenticated": "whether it is known who the person is",
    "session.language": "the person's language, else the bot's",
    "session.client_ip": "null: no channel tells it yet",
    "user.id": "the person's id, or null",
    "user.name": "the person's name, e-mail address and telephone number",
    "bot.id": "the bot's name",
    "bot.name": "`bot-name` of config.csv, else the bot's name",
    "channel.name": "the channel",
    "channel.address": "where the bot's messages go",
}
"""What GET reads of the session; those that belong together stand at the first of them."""

TOGETHER: Mapping[str, tuple[str, ...]] = {
    "session.user_name": ("session.user_email", "session.user_phone"),
    "session.bot": ("session.bot_id",),
    "session.client_ip": ("session.user_agent", "user.external_id"),
    "user.name": ("user.email", "user.phone"),
}
