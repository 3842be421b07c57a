"""What hostile mail is put together from."""

import base64

TEXT = b"We offer 1000 FFP2 masks, EN 149.\r\n"


def header(name: str = "1", *, to: bytes = b"mottak@sykehus.example", subject: bytes = b"Offer of masks") -> bytes:
    """The header fields of an ordinary mail, without the empty line."""
    return (
        b"From: Kim <kim@firma.example>\r\nTo: " + to + b"\r\nSubject: " + subject + b"\r\n"
        b"Date: Fri, 20 Mar 2020 10:00:00 +0100\r\nMessage-ID: <" + name.encode() + b"@hostile.example>\r\n"
        b"MIME-Version: 1.0\r\n"
    )


def with_html(html: bytes) -> bytes:
    """A mail of one HTML part."""
    return header() + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html


def with_text(text: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    """A mail of one text part, in base64."""
    return header() + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + in_base64(text)


def with_file(name: str | bytes, octets: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """A mail with a text and a file."""
    return with_files((name, octets, kind))


def with_files(*files: tuple[str | bytes, bytes, bytes]) -> bytes:
    """A mail with a text and files (name, octets, content type); a name in octets is the whole of its parameter."""
    begin = b'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n--edge\r\n'
    parts = [header(), begin, b"Content-Type: text/plain; charset=utf-8\r\n\r\n", TEXT]
    for name, octets, kind in files:
        parameter = b'filename="' + name.encode() + b'"' if isinstance(name, str) else name
        parts += [
            b"--edge\r\nContent-Type: ", kind, b"\r\nContent-Transfer-Encoding: base64\r\n",
            b"Content-Disposition: attachment; ", parameter, b"\r\n\r\n", in_base64(octets),
        ]  # fmt: skip
    return b"".join([*parts, b"--edge--\r\n"])


def in_base64(octets: bytes) -> bytes:
    """Base64 in lines that end in CRLF."""
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")
