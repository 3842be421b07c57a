import pytest
from starlette.testclient import TestClient

from tests.browser.desk import application
from tests.browser.seed_cases import CERTIFICATE
from tests.unit.web.asking import sign_in
from triage.adapters.store import SqlStore
from triage.errors import ReadingError
from triage.web.attachments import disposition, download


def test_an_attachment_is_saved_never_shown(asking: TestClient) -> None:
    answer = asking.get("/cases/1/messages/1/attachments/0")
    assert answer.status_code == 200
    assert answer.text.replace("\r\n", "\n") == CERTIFICATE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith('attachment; filename="vedlegg 0 prve.html"; ')
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("fault", [ReadingError("reading took longer than 10 seconds"), IndexError(0)])
def test_what_cannot_be_opened_is_told_in_words(fault: Exception, filled: SqlStore) -> None:
    def refused(_octets: bytes, _index: int, _digest: str) -> tuple[str, str, bytes]:
        raise fault

    with TestClient(application(filled, read_attachment=refused), follow_redirects=False) as client:
        sign_in(client)
        answer = client.get("/cases/1/messages/1/attachments/0", headers={"accept-language": "en"})
    assert answer.status_code == 507
    assert "could not be opened within its limits" in answer.text


def test_the_original_is_given_out_octet_for_octet(asking: TestClient, filled: SqlStore) -> None:
    answer = asking.get("/cases/1/messages/1/raw")
    raw = filled.raw(1)
    assert raw
    assert answer.content == raw.octets
    assert answer.headers["content-type"] == "message/rfc822"
    assert 'filename="SM-000001-1.eml"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "active",
    [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/xml",
        "application/javascript",
        "TEXT/HTML; charset=x",
        "message/rfc822x",
        "",
        "x\r\nSet-Cookie: a=b",
    ],
)
def test_whatever_could_run_goes_out_as_octets(active: str) -> None:
    assert download("a", active, b"").headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("quiet", ["application/pdf", "image/png", "text/plain"])
def test_quiet_types_keep_their_name(quiet: str) -> None:
    assert download("a", quiet, b"").headers["content-type"] == quiet


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("pris.pdf", "attachment; filename=\"pris.pdf\"; filename*=UTF-8''pris.pdf"),
        (
            'a"; x="b\r\nSet-Cookie: c=d',
            "attachment; filename=\"a__ x__b__Set-Cookie_ c_d\"; filename*=UTF-8''a_%3B%20x%3D_b__Set-Cookie_%20c%3Dd",
        ),
        ("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
        ("faktura\u202efdp.exe", "attachment; filename=\"fakturafdp.exe\"; filename*=UTF-8''fakturafdp.exe"),
        ("\u200b.htaccess", "attachment; filename=\"htaccess\"; filename*=UTF-8''htaccess"),
        ("口罩.pdf", "attachment; filename=\"pdf\"; filename*=UTF-8''%E5%8F%A3%E7%BD%A9.pdf"),
        ("", "attachment; filename=\"attachment\"; filename*=UTF-8''attachment"),
        ("\ud800", "attachment; filename=\"_\"; filename*=UTF-8''_"),
    ],
)
def test_a_name_can_do_no_harm_in_a_header(name: str, header: str) -> None:
    assert disposition(name) == header
