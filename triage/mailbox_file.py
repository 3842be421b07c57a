"""The file of mailboxes (TOML, a [[mailbox]] table each), read strictly: every fault names file, entry, key, remedy."""

import os
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from triage.errors import SettingsError
from triage.mailbox_settings import GoogleSignIn, MailboxSettings, MicrosoftSignIn

ENTRY = "mailbox"
FORMS: Mapping[str, type[BaseModel]] = {"microsoft": MicrosoftSignIn, "google": GoogleSignIn}
LONGEST_SECRET = 65536  # octets
READ_BY_OTHERS = 0o006
PRIVATE_FILES = frozenset({"certificate_file", "key_file"})


class _Wrong(Exception):
    """One key of one entry: the key, what is wrong and what to do."""


def read(path: Path, environment: Mapping[str, str] = os.environ) -> tuple[MailboxSettings, ...]:
    """The mailboxes of the file, in its order; secrets are read from where it says. SettingsError names every fault."""
    entries = _entries(path)
    found, faults = [], []
    for number, entry in enumerate(entries, 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        place = f"{path}: {ENTRY} {number}" + (f" ({name!r})" if isinstance(name, str) else "")
        try:
            found.append(_mailbox(path, entry, environment))
        except _Wrong as fault:
            faults.append(f"{place}: {fault}")
        except ValidationError as fault:
            faults += [f"{place}: {_explained(error)}" for error in fault.errors()]
    faults = faults or [f"{path}: {fault}" for fault in _doubled(found)]
    if faults:
        raise SettingsError("; ".join(faults))
    return tuple(found)


def renewed(settings: MailboxSettings) -> MailboxSettings:
    """The same mailbox with what proves who we are as its file says it now. SettingsError when the file is wrong."""
    if settings.file is None:
        return settings
    for one in read(settings.file):
        if one.name == settings.name:
            return settings.model_copy(update={"password": one.password, "sign_in": one.sign_in})
    raise SettingsError(f"{settings.file}: {ENTRY} {settings.name!r} is gone; put it back, or start the desk anew")


def _entries(path: Path) -> Sequence[object]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SettingsError(
            f"TRIAGE_MAILBOXES_FILE {path}: it cannot be read ({fault.strerror}); give a file that this user may read"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{path}: it is no TOML in UTF-8 ({fault}); correct it there") from None
    entries = raw.pop(ENTRY, None)
    if raw:
        raise SettingsError(f"{path}: {', '.join(raw)}: no such key at the top; write [[{ENTRY}]] above each entry")
    if not isinstance(entries, list) or not entries:
        raise SettingsError(f"{path}: it holds no [[{ENTRY}]]; write one for each folder to read")
    return entries


def _mailbox(path: Path, entry: object, environment: Mapping[str, str]) -> MailboxSettings:
    if not isinstance(entry, dict):
        raise _Wrong(f"it is no table; write [[{ENTRY}]] above its keys")
    given = dict(_resolved(path, entry, MailboxSettings, environment))
    sign_in = given.get("sign_in")
    if isinstance(sign_in, dict):
        form = FORMS.get(str(sign_in.get("by")))
        if form is None:
            raise _Wrong(f"sign_in.by: give one of {', '.join(FORMS)}")
        given["sign_in"] = dict(_resolved(path, sign_in, form, environment, "sign_in."))
    elif sign_in is not None:
        raise _Wrong(f"sign_in: write [{ENTRY}.sign_in] with its keys below it; leave it out to sign in by password")
    made = MailboxSettings.model_validate({**given, "file": path})
    for key in ("name", "host", "user", "folder"):
        if not getattr(made, key).strip():
            raise _Wrong(f"{key}: it is empty; give it")
    if bool(made.password.get_secret_value()) == (made.sign_in is not None):
        raise _Wrong(f"password: give password_file (or password_env, password), or [{ENTRY}.sign_in], and not both")
    return made


def _resolved(
    path: Path, table: Mapping[str, object], form: type[BaseModel], environment: Mapping[str, str], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    """The keys as the form knows them: secrets read, files found beside ours, nothing with a control character."""
    fields = {key: field for key, field in form.model_fields.items() if key != "file"}
    secrets = {key for key, field in fields.items() if field.annotation is SecretStr}
    ways = {f"{key}{way}": key for key in secrets for way in ("", "_file", "_env")}
    for key, value in table.items():
        if key not in fields and key not in ways:
            raise _Wrong(f"{prefix}{key}: no such key; the keys are {', '.join(sorted({*fields, *ways}))}")
        if isinstance(value, str) and any(unicodedata.category(letter) == "Cc" for letter in value):
            raise _Wrong(f"{prefix}{key}: it holds a control character; take it out")
        if key not in ways:
            is_file = key.endswith("_file") and isinstance(value, str)
            yield key, _private(path, prefix + key, str(value)) if is_file else value
            continue
        if sum(other in table for other, secret in ways.items() if secret == ways[key]) > 1:
            raise _Wrong(f"{prefix}{ways[key]}: it is given in two ways; leave one out")
        if not isinstance(value, str) or not value:
            raise _Wrong(f"{prefix}{key}: it is no text; give it between quotes")
        yield ways[key], SecretStr(_secret(path, prefix, key, value, environment))


def _secret(path: Path, prefix: str, key: str, value: str, environment: Mapping[str, str]) -> str:
    if key.endswith("_env"):
        if not environment.get(value):
            raise _Wrong(f"{prefix}{key}: the environment has no {value}; set it, or name another")
        return environment[value]
    if not key.endswith("_file"):
        _closed_to_others(path, prefix + key)
        return value
    file = path.parent / value
    _closed_to_others(file, prefix + key)
    try:
        with file.open("rb") as opened:
            secret = opened.read(LONGEST_SECRET).decode().rstrip("\r\n")
    except OSError as fault:
        raise _Wrong(f"{prefix}{key}: {file} cannot be read ({fault.strerror}); let this user read it") from None
    except UnicodeDecodeError:
        raise _Wrong(f"{prefix}{key}: {file} is no text in UTF-8; write the secret alone into it") from None
    if not secret or any(unicodedata.category(letter) == "Cc" for letter in secret):
        raise _Wrong(f"{prefix}{key}: {file} is not one line of text; write the secret alone into it")
    return secret


def _private(path: Path, key: str, value: str) -> Path:
    """The file that a key names, beside ours when it names no folder; one that holds a private key is closed."""
    file = path.parent / Path(value).expanduser()
    if key.rpartition(".")[2] in PRIVATE_FILES:
        _closed_to_others(file, key)
    elif not file.is_file():
        raise _Wrong(f"{key}: there is no file {file}; give one, or leave it out")
    return file


def _closed_to_others(file: Path, key: str) -> None:
    try:
        mode = file.stat().st_mode
    except OSError as fault:
        raise _Wrong(f"{key}: {file} cannot be read ({fault.strerror}); give a file that this user may read") from None
    if mode & READ_BY_OTHERS:
        raise _Wrong(f"{key}: everybody may read or write {file}, which holds a secret; run chmod o= {file}")


def _doubled(mailboxes: Sequence[MailboxSettings]) -> Iterator[str]:
    names: dict[str, int] = {}
    folders: dict[tuple[str, str, str], str] = {}
    for number, one in enumerate(mailboxes, 1):
        name = unicodedata.normalize("NFC", one.name).casefold()
        first = names.setdefault(name, number)
        if first != number:
            yield f"{ENTRY} {number}: name: {one.name!r} is the name of {ENTRY} {first} too; give it one of its own"
        earlier = folders.setdefault((one.host.lower(), one.user.casefold(), one.folder), one.name)
        if first == number and earlier != one.name:
            yield (
                f"{ENTRY} {number} ({one.name!r}): folder: {ENTRY} {earlier!r} reads the same folder of the same user; "
                "leave one of them out"
            )


def _explained(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"] if part not in FORMS)
    match error["type"]:
        case "missing":
            return f"{key}: it is missing; give it"
        case "value_error":
            return f"{key}: {error['ctx']['error']}"
        case _:
            return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}; correct it"
