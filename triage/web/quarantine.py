"""Messages that could not be read and replies that did not surely arrive: what needs a person's attention."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from models.reply import OutboxState
from triage.web.desk import Id, TheDesk

router = APIRouter(prefix="/quarantine")


@router.get("")
def show_quarantine(request: Request, desk: TheDesk) -> Response:
    """What waits, and why."""
    counts = desk.store.outbox_counts()
    return desk.pages.render(
        request,
        "quarantine.html",
        messages=desk.store.quarantined(),
        outbox=[(state.value, counts[state]) for state in OutboxState if counts.get(state)],
        released="released" in request.query_params,
    )


@router.post("/{message_id}/release")
def release(desk: TheDesk, message_id: Id) -> Response:
    """Let a message be read again."""
    if message_id not in {one.id for one in desk.store.quarantined()}:
        raise HTTPException(404)
    desk.store.release(message_id)
    return RedirectResponse("/quarantine?released=1", status_code=303)
