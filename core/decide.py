"""What becomes of a step, as one pure function: the outcomes in their order of precedence, for every store."""

from __future__ import annotations

from dataclasses import dataclass

from core.ratelimit import Rate, charge
from core.records import EventKey, InboxRow, Outcome, Session, StepCommit

LIVE = ("active", "idle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the transaction sees.

    :param stored: the row of the step's event, under the session or under the address' previous one.
    :param head: of the session's ``new`` rows, the first.
    :param consumable: every row that the step consumes besides its own is ``new``.
    :param effect_current: the result's outside call is pending under the result's epoch.
    :param memory_current: no memory cell that the step read and writes has changed.
    """

    session: Session | None
    authorised: bool
    stored: InboxRow | None
    head: EventKey | None
    consumable: bool
    effect_current: bool
    memory_current: bool
    now: float


def decide(step: StepCommit, found: Found) -> tuple[Outcome, Rate | None]:
    """The outcome, ``ok`` still without its session, and the counter to write."""
    session = found.session
    if step.token_sha256 is not None and not found.authorised:
        return Outcome(kind="unauthorised", session=session), None
    if session is None or session.state not in LIVE:
        return Outcome(kind="ended", session=session), None
    if (stored := found.stored) is not None and _is_duplicate(step, stored):
        reused = step.refuse_reuse and step.inbox is not None and step.inbox.body_hash != stored.body_hash
        return Outcome(kind="reuse" if reused else "dup", session=session, duplicate=stored), None
    if _is_stale(step, session, found):
        return Outcome(kind="stale", session=session), None
    rate = None
    if step.charge:
        rate = charge(
            session.rate_start,
            session.rate_count,
            session.rate_previous,
            limit=step.charge,
            now=found.now,
        )
        if not rate.allowed:
            return Outcome(kind="limited", session=session, retry_after=rate.retry_after), None
    if _misses(step, session, found):
        return Outcome(kind="miss", session=session), None
    return Outcome(kind="ok", session=session), rate


def _is_duplicate(step: StepCommit, stored: InboxRow) -> bool:
    """A suspect row awaits its body again; a new one its turn: only to store it twice is a repetition."""
    if stored.session_id != step.session.id:
        return True
    if stored.state == "suspect":
        return False
    return stored.state != "new" or step.guard == "store"


def _is_stale(step: StepCommit, session: Session, found: Found) -> bool:
    if step.resumes is not None and session.suspension != step.resumes:
        return True
    return step.effect_result is not None and not found.effect_current


def _misses(step: StepCommit, session: Session, found: Found) -> bool:
    if session.version != step.expected or not found.consumable or not found.memory_current:
        return True
    if step.guard == "fast":
        return session.backlog > 0 or session.pending_effect is not None
    if step.guard == "drain":
        return step.inbox is None or found.head != step.inbox.key
    return False
