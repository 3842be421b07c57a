"""A Triaged as JSON and back: how it is stored and how a child process hands it over. Never a pickle."""

import json
import re
from functools import cache

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from models.case import Triaged

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` with NUL and lone surrogates replaced, letter for letter: every database takes it, spans hold."""
    return _UNSTORABLE.sub("\ufffd", text)


@cache
def _form() -> TypeAdapter[Triaged]:
    return TypeAdapter(Triaged)


def to_json(triaged: Triaged) -> bytes:
    """`triaged` as JSON in UTF-8, its text cleaned."""
    try:
        octets = _form().dump_json(triaged)
    except PydanticSerializationError:  # a lone surrogate
        octets = b"\\u0000"
    if b"\\u0000" in octets:
        return json.dumps(_cleaned(_form().dump_python(triaged, mode="python")), default=str).encode()
    return octets


def from_json(octets: bytes) -> Triaged:
    """The Triaged that `to_json` wrote. ValueError when it is not one."""
    return _form().validate_json(octets)


def _cleaned(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case dict():
            return {key: _cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item) for item in value]
        case _:
            return value
