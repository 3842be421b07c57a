"""The web application: everything put together."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from models.knowledge import Knowledge
from triage.errors import StoreError
from triage.ports import Store
from triage.settings import Settings
from triage.web import attachments, case, entries, metrics, operations, quarantine, queue, sign_in
from triage.web.answers import Faults, Headers
from triage.web.desk import Desk, ReadAttachment, TheDesk
from triage.web.entry_form import kept
from triage.web.notices import notices
from triage.web.pages import Pages
from triage.web.security import STATIC, Gate
from triage.web.throttle import Throttle

STATIC_FILES = Path(__file__).parent / "static"


def create_app(
    *,
    store: Store,
    settings: Settings,
    knowledge: Knowledge,
    read_attachment: ReadAttachment,
    now: Callable[[], datetime],
) -> FastAPI:
    """The application. `read_attachment` opens a message's attachment; `now` is the clock, aware."""
    secure = settings.web_secure_cookies
    intake = knowledge.running.intake
    pages = Pages(knowledge.wording, organisation=settings.organisation, secure=secure, notices=lambda: notices(store))
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.desk = Desk(
        store=store,
        settings=settings,
        pages=pages,
        throttle=Throttle(),
        intake=intake,
        read_attachment=read_attachment,
        now=now,
    )
    for part in (sign_in, queue, case, attachments, quarantine, entries, operations, metrics):
        app.include_router(part.router)
    app.add_api_route("/", _start, methods=["GET"])
    app.add_api_route("/health", _health, methods=["GET"])
    app.mount(STATIC.rstrip("/"), StaticFiles(directory=STATIC_FILES))
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _no_such_page)

    def deny(request: Request, status: int) -> Response:
        if status == HTTPStatus.UNAUTHORIZED and kept(request.state.form):
            return sign_in.with_what_was_written(request, app.state.desk)
        return sign_in.to_sign_in(request) if _wants_page(request, status) else pages.error(request, status)

    app.add_middleware(Gate, store=store, deny=deny, now=now, secure=secure, largest_file=intake.large_octets)
    app.add_middleware(Faults, deny=pages.error)
    app.add_middleware(Headers, secure=secure)
    return app


def _start() -> Response:
    return RedirectResponse("/queue", status_code=303)


def _health(desk: TheDesk) -> Response:
    try:
        desk.store.check()
    except StoreError:
        return JSONResponse({"status": "fault", "database": "fault"}, status_code=503)
    return JSONResponse({"status": "ok", "database": "ok"})


def _wants_page(request: Request, status: int) -> bool:
    return status == HTTPStatus.UNAUTHORIZED and request.method in {"GET", "HEAD"}


def _refused(request: Request, refusal: Exception) -> Response:
    status = refusal.status_code if isinstance(refusal, HTTPException) else 500
    response = _pages(request).error(request, status)
    response.headers.update(getattr(refusal, "headers", None) or {})
    return response


def _no_such_page(request: Request, _fault: Exception) -> Response:
    return _pages(request).error(request, 404)


def _pages(request: Request) -> Pages:
    desk: Desk = request.app.state.desk
    return desk.pages
