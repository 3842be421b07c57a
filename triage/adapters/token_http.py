"""HTTPS towards token endpoints: verified, with an end in time and size, and an ear for how long to wait."""

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests

from triage.errors import SignInError, SignInRefused

LARGEST_ANSWER = 1 << 20
LONGEST_WAIT = 86400.0
TOO_MANY, SERVER_ERROR = 429, 500


class EndpointSession(requests.Session):
    """A session whose every request ends within `timeout` seconds; `retry_after` is what the last answer asked for."""

    def __init__(self, *, ca_file: Path | None, timeout: float) -> None:
        super().__init__()
        self._ca, self._timeout = str(ca_file) if ca_file else True, timeout
        self.retry_after: float | None = None
        self.status = 0

    def request(self, method: str, url: str, *_: Any, **given: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 - as requests'
        """One request; its answer is read whole, up to a limit."""
        end = time.monotonic() + self._timeout
        wanted = given | {"timeout": self._timeout, "verify": self._ca, "stream": True, "allow_redirects": False}
        answer = super().request(method, url, **wanted)
        self.status, self.retry_after = answer.status_code, _seconds(answer.headers.get("Retry-After", ""))
        body = bytearray()
        for piece in answer.iter_content(65536):
            body += piece
            if len(body) > LARGEST_ANSWER:
                answer.close()
                raise requests.ConnectionError("its answer is too long")
            if time.monotonic() > end:
                answer.close()
                raise requests.Timeout("its answer takes too long")
        answer._content = bytes(body)  # noqa: SLF001 - where requests keeps what it has read whole
        return answer

    @property
    def busy(self) -> bool:
        """Whether the last answer says that the endpoint cannot answer now."""
        return self.status == TOO_MANY or self.status >= SERVER_ERROR


def _seconds(header: str) -> float | None:
    """What Retry-After asks for: seconds, or a date (RFC 9110 section 10.2.3)."""
    if header.strip().isdecimal():
        return min(float(header), LONGEST_WAIT)
    with contextlib.suppress(ValueError, TypeError):
        wanted = (parsedate_to_datetime(header).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        return min(max(wanted, 0.0), LONGEST_WAIT)
    return None


@contextlib.contextmanager
def faults_named(endpoint: str, session: EndpointSession) -> Iterator[None]:
    """What requests raises, as ours. Its own words are left out: they can hold what was sent."""
    try:
        yield
    except requests.exceptions.SSLError as fault:
        raise SignInRefused(
            f"{endpoint}: its certificate is not trusted ({_reason(fault)}); "
            "give the authority that signed it as ca_file, or have the certificate renewed"
        ) from None
    except requests.exceptions.Timeout:
        raise SignInError(f"{endpoint} did not answer in time; it is tried again") from None
    except requests.exceptions.RequestException as fault:
        raise SignInError(
            f"{endpoint} cannot be reached ({type(fault).__name__}); see the network, it is tried again",
            retry_after=session.retry_after,
        ) from None


def _reason(fault: BaseException) -> str:
    """OpenSSL's word for it, wherever the libraries in between have wrapped it."""
    seen: set[int] = set()
    waiting: list[object] = [fault]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or not isinstance(one, BaseException):
            continue
        seen.add(id(one))
        if message := getattr(one, "verify_message", ""):
            return str(message)
        waiting += [*one.args, one.__cause__, one.__context__, getattr(one, "reason", None)]
    return "no TLS could be agreed on"
