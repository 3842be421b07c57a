"""The HTML of made-up mail."""

from html import escape

from triage.demo.letters import Letter


def as_html(letter: Letter, charset: str) -> str:
    """The letter as mail programs mark it up."""
    paragraphs = "\n".join(f"<p>{_breaks(block)}</p>" for block in letter.blocks)
    quoted = ""
    if letter.quoted:
        quoted = f"<p>{escape(letter.quoted_by)}</p>\n<blockquote>{_breaks(letter.quoted)}</blockquote>\n"
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body>\n'
        f'{paragraphs}\n<div class="signature">{_breaks(letter.signature)}</div>\n{quoted}</body></html>\n'
    )


def _breaks(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
