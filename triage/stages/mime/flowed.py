"""format=flowed (RFC 3676): lines that the mailer broke become one again."""


def unflowed(text: str, delete_space: bool) -> str:
    """`text` with its soft line breaks taken out; quote depth and the signature line "-- " are kept."""
    lines: list[str] = []
    open_depth: int | None = None
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        content = raw[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if soft and delete_space:
            content = content[:-1]
        if open_depth == depth and content != "-- ":
            lines[-1] += content
        else:
            lines.append((">" * depth + " " if depth else "") + content)
        open_depth = depth if soft else None
    return "\n".join(lines)
