"""A case: what was read, why it stands where it stands, and what staff decide about it."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.case import Case, CaseMessage, CaseState
from models.label import LabelField
from triage.web.case_view import deciding, in_part, message_view, rest_can_come
from triage.web.desk import LARGEST_ID, Desk, Id, Posted, SignedIn, TheDesk
from triage.web.pages import query
from triage.web.queue import filter_of, pairs_of

NOTICE = "saved"
READ, HELD_UP = "triaged", "quarantined"

router = APIRouter(prefix="/cases/{case_id}")


class _StateForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    state: CaseState
    note: str = Field(max_length=2000)


class _LabelForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    message: int = Field(ge=1, le=LARGEST_ID)
    field: LabelField
    values: tuple[str, ...] = Field(max_length=50)


@router.get("")
def show_case(request: Request, desk: TheDesk, case_id: Id) -> Response:
    """The page of a case."""
    case = case_or_404(desk, case_id)
    wording = desk.pages.wording(request)
    lead = deciding(case)
    views = [
        message_view(one, number, wording, most=desk.intake.whole_octets) for number, one in enumerate(case.messages, 1)
    ]
    return desk.pages.render(
        request,
        "case.html",
        case=case,
        lead=next(view for view in views if view.message is lead),
        views=views,
        most=desk.intake.whole_octets,
        kept=pairs_of(filter_of(request.query_params)),
        notice=request.query_params.get(NOTICE, ""),
    )


@router.get("/next")
def next_case(request: Request, desk: TheDesk, case_id: Id) -> Response:
    """The case after this one, in the same selection."""
    return _onward(request, desk, case_id)


@router.post("/state")
def set_state(request: Request, desk: TheDesk, who: SignedIn, form: Posted, case_id: Id) -> Response:
    """Write down what a person decided."""
    try:
        wanted = _StateForm(state=CaseState(form.one("state")), note=form.one("note").strip())
    except ValueError as fault:
        raise HTTPException(422) from fault
    case_or_404(desk, case_id)
    desk.store.set_state(case_id, wanted.state, actor=who.account.name, note=wanted.note, now=desk.now())
    return _onward(request, desk, case_id) if form.one("go") == "next" else _back(request, case_id, "state")


@router.post("/messages/{message_id}/rest")
def want_rest(request: Request, desk: TheDesk, who: SignedIn, case_id: Id, message_id: Id) -> Response:
    """Ask for the rest of a message of which only the first part is here."""
    message = message_or_404(case_or_404(desk, case_id), message_id)
    if not rest_can_come(message, desk.intake.whole_octets):
        raise HTTPException(422)
    desk.store.want_rest(message_id, actor=who.account.name, now=desk.now())
    return _back(request, case_id, "rest")


@router.post("/messages/{message_id}/again")
def read_again(request: Request, desk: TheDesk, who: SignedIn, case_id: Id, message_id: Id) -> Response:
    """Have a message of which only the beginning was read, read once more; harmless while it waits for that."""
    message = message_or_404(case_or_404(desk, case_id), message_id)
    if not in_part(message):
        raise HTTPException(422)
    if message.state == READ:
        desk.store.read_again(message_id, actor=who.account.name, now=desk.now())
    elif message.state == HELD_UP:
        desk.store.release(message_id, actor=who.account.name, now=desk.now())
    return _back(request, case_id, "again")


@router.post("/label")
def add_label(request: Request, desk: TheDesk, who: SignedIn, form: Posted, case_id: Id) -> Response:
    """A correction becomes a label."""
    try:
        label = _LabelForm.model_validate(
            {"message": form.one("message"), "field": form.one("field"), "values": form.all("value")}
        )
    except ValidationError as fault:
        raise HTTPException(422) from fault
    sections = desk.pages.wording(request).sections
    several = label.field is LabelField.CATEGORIES
    known = sections["categories" if several else "intents"]
    if not set(label.values) <= set(known) or (not several and len(label.values) != 1):
        raise HTTPException(422)
    message_or_404(case_or_404(desk, case_id), label.message)
    desk.store.add_label(label.message, label.field, ",".join(label.values), actor=who.account.name, now=desk.now())
    return _back(request, case_id, "label")


def case_or_404(desk: Desk, case_id: int) -> Case:
    """The case, or the answer that there is none."""
    case = desk.store.case(case_id)
    if case is None or not case.messages:
        raise HTTPException(404)
    return case


def message_or_404(case: Case, message_id: int) -> CaseMessage:
    """The message when it belongs to the case, or the answer that there is none."""
    found = next((one for one in case.messages if one.id == message_id), None)
    if found is None:
        raise HTTPException(404)
    return found


def _onward(request: Request, desk: Desk, case_id: int) -> Response:
    wanted = filter_of(request.query_params)
    following = desk.store.next_case(case_id, wanted)
    place = f"/cases/{following}" if following is not None else "/queue"
    return RedirectResponse(place + query(pairs_of(wanted)), status_code=303)


def _back(request: Request, case_id: int, notice: str) -> Response:
    kept = pairs_of(filter_of(request.query_params))
    return RedirectResponse(f"/cases/{case_id}{query(kept, **{NOTICE: notice})}", status_code=303)
