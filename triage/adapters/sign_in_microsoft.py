"""Access tokens of Microsoft Entra ID by client credentials: a client secret, or a certificate with its key."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from triage.adapters.tokens import Token, refused
from triage.errors import SignInError, SignInRefused
from triage.mailbox_settings import MicrosoftSignIn

MISSING = "Microsoft's sign-in needs the extra `microsoft`: run pip install 'supplier-mail-desk[microsoft]'"


class MicrosoftTokens:
    """Fetches tokens for one app registration. Secret and certificate are read anew each time."""

    def __init__(self, settings: MicrosoftSignIn) -> None:
        self._settings = settings
        self._endpoint = f"token endpoint {settings.authority.rstrip('/')}/{settings.tenant}"

    def fetch(self) -> Token:
        """A fresh token. SignInError: try again later; SignInRefused: a person must act."""
        try:
            import msal
            from msal.exceptions import MsalError

            from triage.adapters.token_http import EndpointSession, faults_named
        except ImportError:
            raise SignInRefused(MISSING) from None
        proof = self._proof()
        with (
            EndpointSession(ca_file=self._settings.ca_file, timeout=self._settings.timeout) as session,
            faults_named(self._endpoint, session),
        ):
            try:
                answer = self._asked(msal, session, proof)
            except (MsalError, RuntimeError, KeyError, TypeError, AttributeError, ValueError) as fault:
                raise self._unusable(fault, busy=session.busy, retry_after=session.retry_after) from None
            return self._token(answer, busy=session.busy, retry_after=session.retry_after)

    def _asked(self, msal: Any, session: object, proof: object) -> Mapping[str, Any]:  # noqa: ANN401 - untyped library
        application = msal.ConfidentialClientApplication(
            self._settings.client_id,
            client_credential=proof,
            authority=f"{self._settings.authority.rstrip('/')}/{self._settings.tenant}",
            http_client=session,
            instance_discovery=False,  # the owner named the authority: nobody else is asked about it
        )
        answer: Mapping[str, Any] = application.acquire_token_for_client(scopes=[self._settings.scope])
        return answer

    def _token(self, answer: Mapping[str, Any], *, busy: bool, retry_after: float | None) -> Token:
        text = answer.get("access_token")
        if isinstance(text, str) and text:
            return Token(text=text, seconds=float(answer.get("expires_in") or 0))
        said = f"{answer.get('error', '')} {answer.get('error_description', '')}"
        if busy:
            return self._raise(SignInError(f"{self._endpoint} is busy; it is tried again", retry_after=retry_after))
        return self._raise(refused(self._endpoint, said, *self._secrets(), retry_after=retry_after))

    def _raise(self, fault: SignInError) -> Token:
        raise fault

    def _unusable(self, fault: Exception, *, busy: bool, retry_after: float | None) -> SignInError:
        if busy:
            return SignInError(f"{self._endpoint} is busy; it is tried again", retry_after=retry_after)
        if isinstance(fault, ValueError) and "authority configuration" in str(fault):
            return SignInRefused(f"{self._endpoint}: there is no such tenant; see tenant and authority")
        return SignInError(f"{self._endpoint} gave an answer that is none ({type(fault).__name__}); it is tried again")

    def _secrets(self) -> tuple[str, str]:
        return (
            self._settings.client_secret.get_secret_value(),
            self._settings.certificate_password.get_secret_value(),
        )

    def _proof(self) -> str | Mapping[str, str]:
        """What msal signs or sends; the file is read here, so that its faults are named."""
        if self._settings.certificate_file is None:
            return self._settings.client_secret.get_secret_value()
        pem = _pem(self._settings)
        _certificate(self._settings, pem)
        _check_key(self._settings, pem)
        password = self._settings.certificate_password.get_secret_value()
        return {"private_key": pem, "public_certificate": pem} | ({"passphrase": password} if password else {})


def expiry(settings: MicrosoftSignIn) -> tuple[str, date] | None:
    """What expires and on which day, as far as it is known: of a certificate it is. SignInRefused: it is unreadable."""
    if settings.certificate_file is None:
        return ("client_secret", settings.secret_expires) if settings.secret_expires else None
    try:
        found = _certificate(settings, _pem(settings))
    except ImportError:
        raise SignInRefused(MISSING) from None
    return "certificate_file", found.not_valid_after_utc.astimezone(UTC).date()


def _pem(settings: MicrosoftSignIn) -> str:
    try:
        return (settings.certificate_file or "").read_text(encoding="ascii")  # type: ignore[union-attr]
    except (OSError, UnicodeDecodeError) as fault:
        raise SignInRefused(
            f"certificate_file {settings.certificate_file} cannot be read ({type(fault).__name__}); "
            "give one in PEM that this user may read"
        ) from None


def _certificate(settings: MicrosoftSignIn, pem: str) -> Any:  # noqa: ANN401 - cryptography is an extra
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise SignInRefused(
            f"certificate_file {settings.certificate_file} holds no certificate; put it in PEM beside its private key"
        ) from None
    if found.not_valid_after_utc < datetime.now(UTC):
        raise SignInRefused(
            f"the certificate of certificate_file {settings.certificate_file} has expired "
            f"({found.not_valid_after_utc:%Y-%m-%d}); make a new one and upload it in Entra ID"
        )
    return found


def _check_key(settings: MicrosoftSignIn, pem: str) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    password = settings.certificate_password.get_secret_value().encode() or None
    try:
        load_pem_private_key(pem.encode(), password)
    except (ValueError, TypeError):
        raise SignInRefused(
            f"certificate_file {settings.certificate_file} holds no private key that can be read; "
            "put it in PEM beside the certificate, and give certificate_password if it has one"
        ) from None
