"""What staff enter themselves: a telephone call, or a mail that reached one of them in person."""

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from models.mail import MessageSource
from triage.stages.entry import entry_octets
from triage.stages.mime import header_block
from triage.web.desk import Desk, Id, Posted, SignedIn, TheDesk
from triage.web.entering import enter
from triage.web.entry_form import LENGTHS, SOURCES, one_line, read_entry, token_of
from triage.web.security import new_token

MEGABYTE = 2**20
LOOKED_AT = 256 * 1024
WAITS = frozenset({"stored"})

router = APIRouter(prefix="/entries")


@router.get("/new")
def showforms(request: Request, desk: TheDesk) -> Response:
    """The forms: for what was said, and for a mail as a file."""
    return forms(request, desk, {"source": SOURCES[0]})


@router.post("")
def add_entry(request: Request, desk: TheDesk, who: SignedIn, form: Posted) -> Response:
    """A call or a mail that staff wrote down becomes a message."""
    token = token_of(form)
    if not token:
        raise HTTPException(422)
    asked = read_entry(form, desk.now())
    if asked.entry is None:
        return forms(request, desk, asked.values, wrong=asked.wrong, token=token)
    to = next((one for one in desk.settings.own_addresses if not one.startswith("@")), "")
    message = enter(
        desk.store,
        entry_octets(asked.entry, to=to, token=token),
        asked.entry.source,
        min(asked.entry.at, desk.now()),
        entered_by=who.account.name,
        referrer=asked.values["referrer"],
    )
    return RedirectResponse(f"/entries/{message}", status_code=303)


@router.post("/mail")
def add_mail(request: Request, desk: TheDesk, who: SignedIn, form: Posted) -> Response:
    """A mail that reached a member of staff, as a file."""
    octets = form.files.get("file", b"")
    if not _looks_like_mail(octets):
        return forms(request, desk, {"source": SOURCES[0]}, wrong=("file",))
    referrer = one_line(form.one("referrer"), LENGTHS["referrer"])
    message = enter(
        desk.store, octets, MessageSource.DIRECT, desk.now(), entered_by=who.account.name, referrer=referrer
    )
    return RedirectResponse(f"/entries/{message}", status_code=303)


@router.get("/{message_id}")
def show_entry(request: Request, desk: TheDesk, message_id: Id) -> Response:
    """The case that an entry became, as soon as it was read."""
    standing = desk.store.standing(message_id)
    if standing is None or standing.source not in SOURCES:
        raise HTTPException(404)
    if standing.case_id is None:
        return desk.pages.render(request, "entry.html", waits=standing.state in WAITS, message_id=message_id)
    address = f"/cases/{standing.case_id}"
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _looks_like_mail(octets: bytes) -> bool:
    """By its first header fields, without reading it: that is for the children."""
    header, _rest = header_block.split(header_block.begun(octets[:LOOKED_AT]))
    return header_block.looks_like_mail(header)


def forms(
    request: Request, desk: Desk, values: Mapping[str, str], *, wrong: tuple[str, ...] = (), token: str = ""
) -> Response:
    """Both forms, with what was written and what of it is wrong."""
    return desk.pages.render(
        request,
        "entry_new.html",
        status=422 if wrong else 200,
        values={name: values.get(name, "") for name in (*LENGTHS, "source", "at", "text")},
        wrong=wrong,
        unsaved=bool(token) and not wrong,
        lengths=LENGTHS,
        sources=[source.value for source in SOURCES],
        latest=desk.now().astimezone().strftime("%Y-%m-%dT%H:%M"),
        largest=desk.intake.large_octets // MEGABYTE,
        form_token=token or new_token(),
    )
