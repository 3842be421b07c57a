"""Messages that could not be read and replies that did not surely arrive: what needs a person's attention."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from models.reply import OutboxState
from triage.ports import Quarantined
from triage.web.attachments import MESSAGE_TYPE, download, octets_or_404
from triage.web.desk import Desk, Id, SignedIn, TheDesk

RELEASED, ASKED = "released", "again"

router = APIRouter(prefix="/quarantine")


@router.get("")
def show_quarantine(request: Request, desk: TheDesk) -> Response:
    """What waits, and why."""
    counts, held_up = desk.store.outbox_counts(), desk.store.quarantined()
    return desk.pages.render(
        request,
        "quarantine.html",
        messages=[one for one in held_up if not one.owed],
        owed=[one for one in held_up if one.owed],
        outbox=[(state.value, counts[state]) for state in OutboxState if counts.get(state)],
        released=RELEASED in request.query_params,
        asked_again=ASKED in request.query_params,
    )


@router.post("/{message_id}/release")
def release(desk: TheDesk, who: SignedIn, message_id: Id) -> Response:
    """Let a message be read again, or asked for again."""
    held_up = _held_up(desk, message_id)
    desk.store.release(message_id, actor=who.account.name, now=desk.now())
    return RedirectResponse(f"/quarantine?{ASKED if held_up.owed else RELEASED}=1", status_code=303)


@router.get("/{message_id}/raw")
def download_message(desk: TheDesk, message_id: Id) -> Response:
    """A message that could not be read, as the server held it, to be looked at with care."""
    _held_up(desk, message_id)
    return download(f"{message_id}.eml", MESSAGE_TYPE, octets_or_404(desk, message_id))


def _held_up(desk: Desk, message_id: int) -> Quarantined:
    found = next((one for one in desk.store.quarantined() if one.id == message_id), None)
    if found is None:
        raise HTTPException(404)
    return found
