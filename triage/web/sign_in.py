"""Signing in and out: argon2id, a new session token at every sign-in, the same time for unknown names."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore
from urllib.parse import quote

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.ports import Account
from triage.web.desk import Desk, Posted, TheDesk
from triage.web.entries import forms
from triage.web.entry_form import kept
from triage.web.security import cookie_name, hashed, new_token

LONGEST_NAME = 200
LONGEST_PASSWORD = 1000
AFTER = "/queue"
KEPT = "entry."  # before the names of the fields that are kept through a sign-in
_WAY_BACK = re.compile(r"/(?:queue|quarantine|operations|entries/new|cases/[0-9]{1,10})(?:\?[^\s\\]{0,500})?")

router = APIRouter()
_hasher = PasswordHasher()
_at_once = BoundedSemaphore(4)  # each verification takes 64 MiB


def hash_password(password: str) -> str:
    """The argon2id hash to keep of a password."""
    return _hasher.hash(password)


def verified(account: Account | None, password: str) -> bool:
    """Whether `password` is the account's; takes as long when there is no account."""
    with _at_once:
        try:
            _hasher.verify(account.password_hash if account else _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return account is not None


@cache
def _nobody() -> str:
    return hash_password(new_token())


@router.get("/sign-in")
def show_sign_in(request: Request, desk: TheDesk) -> Response:
    """The form; it sets the cookie that its token must agree with."""
    return _form_page(request, desk, way_back(request.query_params.get("to", "")))


@router.post("/sign-in")
def sign_in(request: Request, desk: TheDesk, form: Posted) -> Response:
    """A new session, or the form again."""
    name, password, to = form.one("name").strip(), form.one("password"), way_back(form.one("to"))
    address, now = request.client.host if request.client else "", desk.now()
    written = kept(form, KEPT)
    if wait := desk.throttle.wait(name, address, now):
        return _form_page(
            request, desk, to, status=429, written=written, name=name, wait=1 + int(wait.total_seconds() // 60)
        )
    acceptable = len(name) <= LONGEST_NAME and len(password) <= LONGEST_PASSWORD and "\0" not in name
    account = desk.store.account(name) if acceptable else None
    if not verified(account, password[:LONGEST_PASSWORD]) or account is None:
        desk.throttle.failed(name[:LONGEST_NAME], address, now)
        return _form_page(request, desk, to, status=401, written=written, name=name[:LONGEST_NAME], wrong=True)
    desk.throttle.succeeded(name, address)
    return _opened(request, desk, account, to, written)


@router.post("/sign-out")
def sign_out(request: Request, desk: TheDesk) -> Response:
    """The session ends on the server, too."""
    secure = desk.settings.web_secure_cookies
    desk.store.close_session(hashed(request.cookies.get(cookie_name("session", secure=secure), "")))
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(cookie_name("session", secure=secure), secure=secure, httponly=True, samesite="lax")
    return response


def way_back(asked: str) -> str:
    """The page to go to after signing in: one of ours, whatever was asked."""
    return asked if _WAY_BACK.fullmatch(asked) else AFTER


def to_sign_in(request: Request) -> Response:
    """Where somebody who is not signed in is sent."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"/sign-in?to={quote(asked, safe='')}" if _WAY_BACK.fullmatch(asked) and asked != AFTER else "/sign-in"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def with_what_was_written(request: Request, desk: Desk) -> Response:
    """The form for somebody whose sign-in ended while he wrote an entry: it comes back once he is signed in."""
    return _form_page(request, desk, AFTER, status=401, written=kept(request.state.form))


def _opened(request: Request, desk: Desk, account: Account, to: str, written: Mapping[str, str]) -> Response:
    secure, now = desk.settings.web_secure_cookies, desk.now()
    name = cookie_name("session", secure=secure)
    if old := request.cookies.get(name):
        desk.store.close_session(hashed(old))
    token, life = new_token(), timedelta(minutes=desk.settings.session_minutes)
    desk.store.open_session(account.id, hashed(token), new_token(), expires_at=now + life, now=now)
    response: Response = RedirectResponse(to, status_code=303)
    if written:
        request.state.session = desk.store.session(hashed(token), now)
        response = forms(request, desk, written, token=written["token"] or new_token())
    response.set_cookie(
        name, token, max_age=int(life.total_seconds()), path="/", secure=secure, httponly=True, samesite="lax"
    )
    return response


def _form_page(
    request: Request,
    desk: Desk,
    to: str,
    *,
    status: int = 200,
    written: Mapping[str, str] | None = None,
    **told: object,
) -> Response:
    secure = desk.settings.web_secure_cookies
    token = new_token()
    again = {KEPT + name: value for name, value in (written or {}).items()}
    shown = {"name": "", "wrong": False, "wait": 0, **told}
    page = desk.pages.render(request, "sign_in.html", status=status, to=to, written=again, form_token=token, **shown)
    if wait := told.get("wait"):
        page.headers["retry-after"] = f"{60 * int(str(wait))}"
    page.set_cookie(cookie_name("form", secure=secure), token, path="/", secure=secure, httponly=True, samesite="lax")
    return page
