"""Our errors; the type says whether to try again.

TriageError
├── SettingsError          a setting is missing or wrong: name, remedy
├── KnowledgeError         a file of ours is wrong: file, key, remedy
├── ArtifactError          an artifact is missing, altered or of another version
├── InputError             a file or argument given by the user cannot be used
├── MailboxError           IMAP; try again later
│   ├── MailboxRefused     IMAP; wrong password, missing folder: a person must act
│   └── MessageRefused     IMAP; certain messages, not the folder
├── SignInError            no access token can be had now; try again later
│   └── SignInRefused      a secret, certificate or consent is wrong or expired: a person must act
├── StoreError             the database cannot be reached or is of another version
│   └── StoreRefused       the database does not take what it was given: one message, not all
├── ReadingError           one message could not be read within its limits
├── WorkError              no child process can read mail: a person must act
└── DeliveryError          SMTP; try again later
    ├── RecipientRefused   SMTP; final for this reply
    ├── DeliveryUnknown    SMTP; the connection broke after the final dot: never resent blindly
    └── DeliveryHalted     SMTP; nothing can be sent (sign-in, TLS): a person must act
"""

from typing import ClassVar

PROGRAM = "program"
"""The kind of a fault that is none of ours below: a mistake in this program."""


class TriageError(Exception):
    """A fault with a message that a person can act on: what is wrong, then what to do.

    `kind` is what the pages say of it in the reader's language (data/texts/, sections.faults).
    """

    kind: ClassVar[str] = PROGRAM


class SettingsError(TriageError):
    """A setting is missing or wrong."""

    kind = "settings"


class KnowledgeError(TriageError):
    """A file under data/ or reply_templates/ is wrong."""

    kind = "knowledge"

    def __init__(self, file: str, key: str, remedy: str) -> None:
        super().__init__(f"{file}: {key}: {remedy}")
        self.file, self.key, self.remedy = file, key, remedy


class ArtifactError(TriageError):
    """An artifact is missing, altered or of another version."""

    kind = "artifact"


class InputError(TriageError):
    """A file or argument given by the user cannot be used."""

    kind = "settings"


class MailboxError(TriageError):
    """The IMAP server cannot be used now; try again later, not before `retry_after` seconds when it said so."""

    kind = "mailbox"

    def __init__(self, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class MailboxRefused(MailboxError):
    """The IMAP server refuses for good: sign-in, folder. A person must act."""

    kind = "mailbox_refused"


class MessageRefused(MailboxError):
    """The IMAP server refuses a command about certain messages; it may answer others."""


class SignInError(TriageError):
    """No access token can be had now; try again later, not before `retry_after` seconds when the endpoint said so."""

    kind = "mailbox"

    def __init__(self, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class SignInRefused(SignInError):
    """No access token can be had until a person acts: a secret, certificate or consent is wrong or has expired."""

    kind = "mailbox_refused"


class StoreError(TriageError):
    """The database cannot be reached or is of another version."""

    kind = "store"


class StoreRefused(StoreError):
    """The database does not take what it was given; the next message may do better."""


class ReadingError(TriageError):
    """One message could not be read within its limits of memory and time."""

    kind = "work"


class WorkError(TriageError):
    """No child process can read mail: something of ours is wrong, a person must act."""

    kind = "work"


class DeliveryError(TriageError):
    """The SMTP server cannot take the reply now; try again later."""

    kind = "delivery"


class RecipientRefused(DeliveryError):
    """The SMTP server refused this reply for good."""


class DeliveryUnknown(DeliveryError):
    """The connection broke after the final dot: the reply may have been taken."""


class DeliveryHalted(DeliveryError):
    """Nothing can be sent until a person acts (sign-in, TLS)."""

    kind = "delivery_halted"
