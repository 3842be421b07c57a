"""Every setting, typed, from the environment (TRIAGE_...) or a .env file."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from triage import mailbox_file
from triage.errors import SettingsError
from triage.mailbox_settings import Encryption, MailboxSettings, Marking, Seconds, folder_name

__all__ = ["MailboxSettings", "Settings", "load"]

LONGEST_SESSION = 525_600  # minutes of a year

NameList = Annotated[tuple[str, ...], NoDecode]


def _home() -> Path:
    """The folder for a user's data by the XDG base directory specification."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "supplier-mail-desk"


class Settings(BaseSettings):
    """Settings of one installation. Each is documented in README.md under its name."""

    model_config = SettingsConfigDict(env_prefix="TRIAGE_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=_home, description="Folder of the database and the artifacts")
    database_url: str = Field("", description="SQLAlchemy URL of the database; empty: SQLite in the home folder")

    mailboxes_file: Path | None = Field(None, description="TOML file of several mailboxes, in place of TRIAGE_IMAP_…")
    imap_host: str = Field("", description="IMAP server")
    imap_port: int = Field(993, ge=1, le=65535, description="IMAP port")
    imap_encryption: Encryption = Field("tls", description="tls, starttls or none (none only on loopback)")
    imap_user: str = Field("", description="IMAP user")
    imap_password: SecretStr = Field(SecretStr(""), description="IMAP password")
    imap_mailbox: str = Field("INBOX", description="IMAP folder to read")
    imap_ca_file: Path | None = Field(None, description="Certificate authority of the IMAP server, if private")
    imap_timeout: Seconds = Field(60, description="Seconds before a silent IMAP server is given up")
    imap_mark: Marking = Field("off", description="What staff in Outlook see of the category: off, keywords or folders")

    smtp_host: str = Field("", description="SMTP server for replies")
    smtp_port: int = Field(587, ge=1, le=65535, description="SMTP port")
    smtp_encryption: Encryption = Field("starttls", description="tls, starttls or none (none only on loopback)")
    smtp_user: str = Field("", description="SMTP user; empty for none")
    smtp_password: SecretStr = Field(SecretStr(""), description="SMTP password")
    smtp_ca_file: Path | None = Field(None, description="Certificate authority of the SMTP server, if private")
    smtp_timeout: Seconds = Field(60, description="Seconds before a silent SMTP server is given up")

    own_addresses: NameList = Field((), description="Addresses of this desk, by commas; the first sends the replies")
    organisation: str = Field("", description="Name of the contracting authority, as replies say it")
    case_prefix: str = Field("SM", pattern=r"^[A-Z]{1,6}$", description="Letters before the case number")
    replies: Literal["off", "automatic"] = Field("automatic", description="Whether receipts go out by themselves")

    poll_seconds: Seconds = Field(60, description="Seconds between two polls")
    deliver_seconds: Seconds = Field(15, description="Seconds between two rounds of sending")
    workers: int = Field(2, ge=1, le=64, description="Child processes that read mail")
    message_seconds: Seconds = Field(10, description="Seconds that the reading of one message may take")
    message_megabytes: int = Field(512, ge=384, description="Memory that a process that reads mail may take")
    poll_batch: int = Field(200, ge=1, le=1000, description="Messages fetched and stored together")

    web_host: str = Field("127.0.0.1", description="Address the web listens on")
    web_port: int = Field(8000, ge=1, le=65535, description="Port the web listens on")
    web_secure_cookies: bool = Field(True, description="Cookies over HTTPS only; false on loopback for trials")
    metrics_token: SecretStr = Field(SecretStr(""), description="Token for /metrics; empty: only on loopback")
    session_minutes: int = Field(480, ge=5, le=LONGEST_SESSION, description="Minutes before a sign-in ends")

    @property
    def mailboxes(self) -> tuple[MailboxSettings, ...]:
        """The IMAP folders to read; SettingsError when the file of mailboxes is wrong, which is read each time."""
        if self.mailboxes_file is not None:
            return mailbox_file.read(self.mailboxes_file)
        return (
            MailboxSettings(
                name=folder_name(self.imap_mailbox),
                host=self.imap_host,
                port=self.imap_port,
                encryption=self.imap_encryption,
                user=self.imap_user,
                password=self.imap_password,
                folder=self.imap_mailbox,
                ca_file=self.imap_ca_file,
                timeout=self.imap_timeout,
                mark=self.imap_mark,
            ),
        )

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.home / 'triage.db'}"

    @property
    def artifacts(self) -> Path:
        """Folder of the trained artifacts."""
        return self.home / "artifacts"

    @field_validator("mailboxes_file", "imap_ca_file", "smtp_ca_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("own_addresses", mode="before")
    @classmethod
    def _by_commas(cls, value: object) -> object:
        return (
            tuple(part.strip().lower() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )


def load() -> Settings:
    """Settings from the environment; SettingsError names each wrong one and what it may be."""
    try:
        settings = Settings()
    except ValidationError as fault:
        wrong = "; ".join(f"TRIAGE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in fault.errors())
        raise SettingsError(f"{wrong}. Set it in the environment or in .env (README.md lists every setting)") from None
    if settings.mailboxes_file is not None and settings.imap_host:
        raise SettingsError("TRIAGE_MAILBOXES_FILE and TRIAGE_IMAP_HOST are both set; leave one of them out")
    _ = settings.mailboxes  # a fault in the file of mailboxes is a fault of the settings
    return settings
