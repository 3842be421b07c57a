"""Forms that carry a file, read with a limit on everything."""

from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

MOST_FIELDS = 20
LARGEST_FIELD = 64 * 1024

Uploaded = tuple[dict[str, list[str]], dict[str, bytes]]
"""Texts and files of a form, by the names of their fields."""


class TooLarge(Exception):
    """More came than a form may hold."""


async def read(request: Request, largest: int) -> Uploaded | None:
    """Texts and file of a form of `largest` octets at most; None when it is malformed. Raises TooLarge."""
    parser = MultiPartParser(
        request.headers,
        _limited(request, largest + LARGEST_FIELD),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=LARGEST_FIELD,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        return None
    texts: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
        else:
            texts.setdefault(name, []).append(value)
    await form.close()
    return texts, files


async def _limited(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    come = 0
    async for chunk in request.stream():
        come += len(chunk)
        if come > largest:
            raise TooLarge
        yield chunk
