"""How a client presents an access token, in whatever protocol: OAUTHBEARER (RFC 7628) and XOAUTH2."""

import json

MECHANISMS = ("OAUTHBEARER", "XOAUTH2")
"""In the order in which they are taken when a server offers both."""


def initial_response(mechanism: str, user: str, token: str) -> str:
    """What a client sends to present a token (RFC 7628; XOAUTH2 as Google and Microsoft describe it)."""
    if mechanism == "OAUTHBEARER":
        name = user.replace("=", "=3D").replace(",", "=2C")
        return f"n,a={name},\x01auth=Bearer {token}\x01\x01"
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def acknowledgement(mechanism: str) -> str:
    """What a client sends after a server's complaint, so that the server ends the conversation."""
    return "\x01" if mechanism == "OAUTHBEARER" else ""


def complaint(challenge: bytes) -> str:
    """The server's JSON of why it refused, as words; whatever else it is, as it is."""
    text = challenge.decode("utf-8", "replace")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return ", ".join(f"{key} {value}" for key, value in read.items()) if isinstance(read, dict) else text
