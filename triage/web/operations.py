"""How the desk itself is doing, for those who look after it."""

from fastapi import APIRouter, HTTPException, Request, Response

from models.reply import OutboxState
from triage.web.desk import SignedIn, TheDesk
from triage.web.pages import ADMIN

router = APIRouter(prefix="/operations")


@router.get("")
def show_operations(request: Request, desk: TheDesk, who: SignedIn) -> Response:
    """Troubles, mailboxes, messages and replies by state. For administrators; to others there is no such page."""
    if who.account.role != ADMIN:
        raise HTTPException(404)
    replies = desk.store.outbox_counts()
    return desk.pages.render(
        request,
        "operations.html",
        mailboxes=desk.store.polled_mailboxes(),
        messages=sorted(desk.store.message_counts().items()),
        replies=[(state.value, replies[state]) for state in OutboxState if replies.get(state)],
    )
