"""What is needed to read one IMAP folder: where it is, and how we sign in there."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

Encryption = Literal["tls", "starttls", "none"]
Marking = Literal["off", "keywords", "folders"]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
"""Far longer waits than a day overflow in sockets and clocks."""
HttpsUrl = Annotated[str, Field(pattern=r"^https://[^\s/?#]+[^\s?#]*$")]


def folder_name(given: str) -> str:
    """A folder's name as servers hold it: letters composed (RFC 5198), and INBOX in capitals however it is written."""
    return "INBOX" if given.upper() == "INBOX" else unicodedata.normalize("NFC", given)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MicrosoftSignIn(_Form):
    """Client credentials of an app registration in Microsoft Entra ID: a secret, or a certificate with its key (PEM).

    The desk warns before `secret_expires`; of a certificate it knows the day itself.
    """

    by: Literal["microsoft"]
    tenant: str = Field(pattern=r"^[A-Za-z0-9.-]{1,200}$")
    client_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,100}$")
    client_secret: SecretStr = SecretStr("")
    secret_expires: date | None = None
    certificate_file: Path | None = None
    certificate_password: SecretStr = SecretStr("")
    authority: HttpsUrl = "https://login.microsoftonline.com"
    scope: HttpsUrl = "https://outlook.office365.com/.default"
    ca_file: Path | None = None
    timeout: Seconds = 30

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if bool(self.client_secret.get_secret_value()) == (self.certificate_file is not None):
            raise ValueError("give either client_secret (client_secret_file, client_secret_env) or certificate_file")
        return self


class GoogleSignIn(_Form):
    """A service account with domain-wide delegation, or a stored refresh token: the JSON file that Google gave."""

    by: Literal["google"]
    key_file: Path
    scope: HttpsUrl = "https://mail.google.com/"
    ca_file: Path | None = None
    timeout: Seconds = 30


SignIn = Annotated[MicrosoftSignIn | GoogleSignIn, Field(discriminator="by")]


class MailboxSettings(_Form):
    """One IMAP folder to read. `name` is ours: it stands in the keys of its messages and never changes.

    Without `sign_in` the password is given. `file` is the file of mailboxes that says all this, None for TRIAGE_IMAP_….
    """

    name: str
    host: str
    port: int = Field(993, ge=1, le=65535)
    encryption: Encryption = "tls"
    user: str
    password: SecretStr = SecretStr("")
    sign_in: SignIn | None = None
    folder: str = "INBOX"
    ca_file: Path | None = None
    timeout: Seconds = 60
    mark: Marking = "off"
    file: Path | None = None

    @field_validator("folder")
    @classmethod
    def _as_servers_name_it(cls, folder: str) -> str:
        return folder_name(folder)

    def named(self, *keys: str) -> str:
        """What the owner calls these keys: TRIAGE_IMAP_USER, or user of mailbox 'anbud' in a file."""
        if self.file is None:
            return _enumerated([f"TRIAGE_IMAP_{'MAILBOX' if key == 'folder' else key.upper()}" for key in keys])
        return f"{_enumerated(keys)} of mailbox {self.name!r} in {self.file}"


def _enumerated(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
