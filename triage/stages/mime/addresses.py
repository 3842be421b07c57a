"""Address fields as mailers break them: names with bare commas, semicolons between addresses, forgotten brackets."""

import re

LONGEST = 2_000
_NAME_WITH_COMMA = re.compile(r'(^|>[ \t]{0,20},)([^"<>@;:()\\]{1,200},[^"<>@;:\\]{1,200})(?=<)')
_SEMICOLON = re.compile(r"(>|@[\w.-]{1,253})[ \t]{0,20};")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,500}"')
_BARE = re.compile(r"[A-Za-z0-9!#$%&*+/=?^_`{|}~.-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,10}[^\W_]{2,63}")
_AROUND = re.compile(r"[<>()\[\]]|\b(?:mailto|smtp):", re.IGNORECASE)
_MARKS = " \t,;'\""


def mended(body: str) -> str:
    """The body of an address field with names that hold a comma quoted, and commas between its addresses."""
    if len(body) > LONGEST:
        return body
    if ";" in body and ":" not in body:
        body = _SEMICOLON.sub(r"\1,", body)
    if "," not in body:
        return body
    return _NAME_WITH_COMMA.sub(lambda found: f'{found[1]} "{found[2].strip()}" ', body)


def bare(text: str) -> list[tuple[str, str]]:
    """(name, address) of a decoded field that follows no grammar, when outside of quotes it names one address."""
    text = text[:LONGEST]
    unquoted = _AROUND.sub(" ", _QUOTED.sub(" ", text))
    found = dict.fromkeys(_BARE.findall(unquoted))
    if len(found) != 1:
        return []
    address = next(iter(found))
    name = _AROUND.sub(" ", text).replace(address, " ").replace('"', " ")
    return [(" ".join(name.split()).strip(_MARKS), address)]
