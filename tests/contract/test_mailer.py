"""The mailer knows at every moment whether a reply was taken, refused, or may have been taken."""

import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from models.reply import ReplyDraft
from tests.fakes.making import draft
from tests.servers.smtp import FaultySmtp, tls_context
from triage.adapters.smtp import SmtpMailer
from triage.demo.loopback import free_port
from triage.errors import DeliveryError, DeliveryHalted, DeliveryUnknown, RecipientRefused
from triage.settings import Settings

DRAFT = draft("SM-000001")


def sending(port: int, **changed: object) -> Settings:
    given: dict[str, object] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_encryption": "none",
        "smtp_timeout": 5,
    }
    return Settings.model_validate({**given, **changed})


def attempt(settings: Settings, of: ReplyDraft) -> str:
    with SmtpMailer(settings) as mailer:
        return mailer.send(of)


@pytest.fixture
def mailer(smtp_server: FaultySmtp) -> Iterator[SmtpMailer]:
    mailer = SmtpMailer(sending(smtp_server.port))
    yield mailer
    mailer.close()


def test_a_reply_arrives_as_it_was_written(mailer: SmtpMailer, smtp_server: FaultySmtp) -> None:
    assert mailer.send(DRAFT).startswith("250")
    [caught] = smtp_server.caught
    assert (caught.sender, caught.recipients) == (DRAFT.envelope_sender, (DRAFT.recipient,))
    assert caught.octets == DRAFT.octets


def test_a_null_sender_and_lines_with_dots_arrive(mailer: SmtpMailer, smtp_server: FaultySmtp) -> None:
    mailer.send(replace(DRAFT, envelope_sender="", octets=b"Subject: x\n\n.\n..two\n.\r\nend"))
    [caught] = smtp_server.caught
    assert caught.sender in {"", "<>"}
    assert caught.octets == b"Subject: x\r\n\r\n.\r\n..two\r\n.\r\nend\r\n"


def test_many_replies_share_a_connection_and_a_lost_one_is_made_anew(
    mailer: SmtpMailer, smtp_server: FaultySmtp
) -> None:
    mailer.send(DRAFT)
    first = mailer._server
    mailer.send(DRAFT)
    assert mailer._server is first
    assert first is not None
    assert first.sock is not None
    first.sock.shutdown(socket.SHUT_RDWR)
    mailer.send(DRAFT)
    assert len(smtp_server.caught) == 3


@pytest.mark.parametrize(
    ("answer", "fault"),
    [("451 4.7.1 greylisted", DeliveryError), ("550 5.1.1 unknown", RecipientRefused), ("421 bye", DeliveryError)],
)
def test_a_refused_recipient_is_for_now_or_for_good(
    mailer: SmtpMailer, smtp_server: FaultySmtp, answer: str, fault: type[DeliveryError]
) -> None:
    smtp_server.recipient_answer = lambda _address: answer
    with pytest.raises(DeliveryError, match=answer[:3]) as caught:
        mailer.send(DRAFT)
    assert caught.type is fault
    smtp_server.reset()
    mailer.send(DRAFT)
    assert len(smtp_server.caught) == 1


@pytest.mark.parametrize(
    ("answer", "fault"), [("452 disk full", DeliveryError), ("554 5.7.1 looks like spam", RecipientRefused)]
)
def test_a_refused_message_was_not_taken(
    mailer: SmtpMailer, smtp_server: FaultySmtp, answer: str, fault: type[DeliveryError]
) -> None:
    smtp_server.message_answer = lambda _message: answer
    with pytest.raises(DeliveryError, match=answer[:3]) as caught:
        mailer.send(DRAFT)
    assert caught.type is fault
    assert smtp_server.caught == []


def test_a_connection_that_breaks_after_the_dot_leaves_it_unknown(mailer: SmtpMailer, smtp_server: FaultySmtp) -> None:
    smtp_server.drop_after_dot = True
    with pytest.raises(DeliveryUnknown, match="ask its operator"):
        mailer.send(DRAFT)
    assert len(smtp_server.caught) == 1


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """A server that gives `answers` to the lines it gets and then closes; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            client, _ = server.accept()
            with client, client.makefile("rwb") as lines:
                for answer in answers:
                    lines.write(answer)
                    lines.flush()
                    lines.readline()

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    server.close()
    thread.join(10)


HELLO = (b"220 hi\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n")


@pytest.mark.parametrize("known", range(len(HELLO)))
def test_a_connection_that_breaks_before_the_content_is_tried_again(known: int) -> None:
    with scripted(*HELLO[:known]) as port:
        with pytest.raises(DeliveryError) as caught:
            attempt(sending(port), DRAFT)
        assert caught.type is DeliveryError


def test_silence_before_the_content_is_tried_again_and_after_it_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(DeliveryError) as caught:
            attempt(sending(silent.getsockname()[1], smtp_timeout=0.3), DRAFT)
        assert caught.type is DeliveryError
    silence = (*HELLO, b"", b"", b"", b"", b"", b"")
    with scripted(*silence) as port, pytest.raises(DeliveryUnknown):
        attempt(sending(port, smtp_timeout=0.5), DRAFT)


def test_a_refused_sender_halts_all() -> None:
    with scripted(*HELLO[:2], b"550 not you\r\n") as port, pytest.raises(DeliveryHalted, match="not you"):
        attempt(sending(port), DRAFT)


def test_a_refused_sign_in_halts_all_and_keeps_the_password_secret() -> None:
    wrong = {"smtp_user": "desk", "smtp_password": SecretStr("top-secret")}
    answers = (b"220 hi\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"535 5.7.8 wrong\r\n")
    with scripted(*answers) as port, pytest.raises(DeliveryHalted, match="TRIAGE_SMTP_PASSWORD") as caught:
        attempt(sending(port, **wrong), DRAFT)
    assert "top-secret" not in str(caught.value)


def test_a_sign_in_that_is_not_offered_halts_all(smtp_server: FaultySmtp) -> None:
    with pytest.raises(DeliveryHalted, match="TRIAGE_SMTP_USER"):
        attempt(sending(smtp_server.port, smtp_user="desk", smtp_password=SecretStr("x")), DRAFT)


def test_tls_is_verified(tmp_path: Path) -> None:
    context, certificate = tls_context(tmp_path)
    with FaultySmtp(tls=context) as server:
        starttls = sending(server.port, smtp_host="localhost", smtp_encryption="starttls", smtp_ca_file=certificate)
        mailer = SmtpMailer(starttls)
        assert "TLSv1" in mailer.check()
        mailer.send(DRAFT)
        mailer.close()
        with pytest.raises(DeliveryHalted, match="TRIAGE_SMTP_CA_FILE"):
            attempt(starttls.model_copy(update={"smtp_ca_file": None}), DRAFT)
        assert len(server.caught) == 1


def test_a_server_without_starttls_gets_nothing(smtp_server: FaultySmtp) -> None:
    with pytest.raises(DeliveryHalted, match="offers no STARTTLS"):
        attempt(sending(smtp_server.port, smtp_encryption="starttls"), DRAFT)
    assert smtp_server.caught == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"smtp_host": ""}, "TRIAGE_SMTP_HOST"),
        ({"smtp_host": "smtp.example"}, "this machine alone"),
        ({"smtp_ca_file": Path("/no/such/file")}, "TRIAGE_SMTP_CA_FILE"),
    ],
)
def test_a_wrong_setting_halts_all(changed: dict[str, object], said: str) -> None:
    with pytest.raises(DeliveryHalted, match=said):
        attempt(sending(25, **changed), DRAFT)


def test_a_closed_port_is_tried_again() -> None:
    with pytest.raises(DeliveryError, match="nobody listens there") as caught:
        SmtpMailer(sending(free_port())).check()
    assert caught.type is DeliveryError


@pytest.mark.parametrize(
    "recipient",
    ["a@b\r\nRCPT TO:<evil@x.example>", "a b@x.example", "a@x>,<b@y", "@x.example", "a@", "plain", "", "a@\u2028x"],
)
def test_an_address_that_could_end_the_command_is_refused(
    mailer: SmtpMailer, smtp_server: FaultySmtp, recipient: str
) -> None:
    with pytest.raises(RecipientRefused):
        mailer.send(replace(DRAFT, recipient=recipient))
    assert smtp_server.caught == []


def test_a_domain_beyond_ascii_is_written_in_ascii(mailer: SmtpMailer, smtp_server: FaultySmtp) -> None:
    mailer.send(replace(DRAFT, recipient="li@blåbær.example"))
    assert smtp_server.caught[0].recipients == ("li@xn--blbr-roah.example",)


def test_a_local_part_beyond_ascii_needs_a_server_that_takes_it() -> None:
    to: ReplyDraft = replace(DRAFT, recipient="jørn@x.example")
    with scripted(*HELLO) as port, pytest.raises(RecipientRefused, match="by hand"):
        attempt(sending(port), to)


def test_what_is_sent_is_still_a_mail(mailer: SmtpMailer, smtp_server: FaultySmtp) -> None:
    mailer.send(replace(DRAFT, octets="Subject: Kvittering\r\n\r\nblåbær\r\n".encode()))
    assert email.message_from_bytes(smtp_server.caught[0].octets)["Subject"] == "Kvittering"
