"""Access tokens of Google: a service account with domain-wide delegation, or a stored refresh token."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from triage.adapters.tokens import Token, refused
from triage.errors import SignInError, SignInRefused
from triage.mailbox_settings import GoogleSignIn

MISSING = "Google's sign-in needs the extra `google`: run pip install 'supplier-mail-desk[google]'"
SERVICE_ACCOUNT, REFRESH_TOKEN = "service_account", "authorized_user"


class GoogleTokens:
    """Fetches tokens for one user. The key file is read anew each time."""

    def __init__(self, settings: GoogleSignIn, user: str) -> None:
        self._settings, self._user = settings, user

    def fetch(self) -> Token:
        """A fresh token. SignInError: try again later; SignInRefused: a person must act."""
        try:
            from google.auth import exceptions
            from google.auth.transport.requests import Request

            from triage.adapters.token_http import EndpointSession, faults_named
        except ImportError:
            raise SignInRefused(MISSING) from None
        key = self._key()
        credentials = self._credentials(key)
        endpoint = f"token endpoint {key.get('token_uri')}"
        with (
            EndpointSession(ca_file=self._settings.ca_file, timeout=self._settings.timeout) as session,
            faults_named(endpoint, session),
        ):
            try:
                credentials.refresh(Request(session))
            except exceptions.TransportError as fault:
                raise fault.__cause__ or SignInError(f"{endpoint} cannot be reached; it is tried again") from None
            except (exceptions.GoogleAuthError, ValueError, KeyError, TypeError, AttributeError) as fault:
                if session.busy:
                    raise SignInError(
                        f"{endpoint} is busy; it is tried again", retry_after=session.retry_after
                    ) from None
                said = str(fault.args[0]) if fault.args else ""
                raise refused(endpoint, said, *_secrets(key), retry_after=session.retry_after) from None
        return _token(credentials)

    def _key(self) -> Mapping[str, Any]:
        file = self._settings.key_file
        try:
            key = json.loads(file.read_bytes())
        except (OSError, ValueError) as fault:
            raise SignInRefused(
                f"key_file {file} cannot be read ({type(fault).__name__}); give the JSON file that Google gave"
            ) from None
        if not isinstance(key, dict) or key.get("type") not in {SERVICE_ACCOUNT, REFRESH_TOKEN}:
            raise SignInRefused(
                f"key_file {file} is neither the key of a service account nor a stored refresh token; "
                "give the JSON file that Google gave"
            )
        return {"token_uri": "https://oauth2.googleapis.com/token"} | key

    def _credentials(self, key: Mapping[str, Any]) -> Any:  # noqa: ANN401 - google-auth is an extra
        from google.auth.exceptions import GoogleAuthError
        from google.oauth2 import credentials, service_account

        if not str(key["token_uri"]).startswith("https://"):
            raise SignInRefused(f"key_file {self._settings.key_file}: its token_uri is not https; correct it")
        service: Any = service_account.Credentials
        stored: Any = credentials.Credentials
        scopes = [self._settings.scope]
        try:
            if key["type"] == SERVICE_ACCOUNT:
                return service.from_service_account_info(key, scopes=scopes, subject=self._user)
            proof = {name: str(key[name]) for name in ("refresh_token", "client_id", "client_secret", "token_uri")}
            return stored(None, scopes=scopes, **proof)
        except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError):
            raise SignInRefused(
                f"key_file {self._settings.key_file} is damaged or lacks a field; give the JSON file that Google gave"
            ) from None


def _secrets(key: Mapping[str, Any]) -> list[str]:
    return [str(key[name]) for name in ("private_key", "client_secret", "refresh_token") if key.get(name)]


def _token(credentials: Any) -> Token:  # noqa: ANN401 - google-auth is an extra
    expiry = credentials.expiry  # naive, UTC
    seconds = (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds() if expiry else 0.0
    return Token(text=str(credentials.token), seconds=max(seconds, 0.0))
