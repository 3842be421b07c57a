"""C03: HTML that costs its parsers more than its size."""

# ruff: noqa: E501 - octets are easier to check on one line

from collections.abc import Callable, Mapping
from functools import partial

from tests.e2e.hostile.making import TEXT, header, with_html

DEEP = 12_000


def pages() -> Mapping[str, Callable[[], bytes]]:
    """A mail for each page."""
    return {name: partial(with_html, page + b"<p>" + TEXT) for name, page in _pages().items()} | {
        f"{name}, in a table of parts": partial(_alternative, page) for name, page in list(_pages().items())[:3]
    }


def _pages() -> Mapping[str, bytes]:
    white = b"<font color=white>a"
    return {
        "<a without end": b"<a " * 20_000,
        "<!-- without end": b"<!--" * 40_000,
        "1 MB of <": b"<" * 1_000_000,
        "1 MB of </": b"</" * 500_000,
        "1 MB of <!": b"<!" * 500_000,
        "1 MB of <?": b"<?" * 500_000,
        "<![CDATA[ without end": b"<![CDATA[" * 100_000,
        "<script without end": b"<script" * 100_000,
        "<style> without end": b"<style>" * 49_000,
        "<textarea> without end": b"<textarea>" * 49_000,
        "<svg> in <math>": b"<svg><math>" * 12_000,
        f"{DEEP} divs": b"<div>" * DEEP,
        f"{DEEP} divs, closed": b"<div>" * DEEP + b"a" + b"</div>" * DEEP,
        "49,000 divs": b"<div>" * 49_000,
        f"{DEEP} spans in white": white * DEEP,
        "240 deep in white, 40,000 wide": b"<div>" * 240 + white.replace(b"a", b"a</font>") * 24_000,
        f"{DEEP} quotations": b"<blockquote>a" * DEEP,
        f"{DEEP} lists": b"<ul><li>a" * DEEP,
        "2,000 tables, nested": b"<table><tr><td>a" * 2_000,
        f"{DEEP} tables, nested": b"<table><tr><td>a" * DEEP,
        "200 tables deep, each with 60 rows": b"<table><tr><td>" * 200 + b"<tr><td>a<td>b" * 12_000,
        "49,000 cells in a row": b"<table><tr>" + b"<td>a" * 49_000,
        "24,000 rows": b"<table>" + b"<tr><td>a<td>b" * 16_000,
        "a cell over 10**9 columns": b"<table><tr><td colspan=1000000000 rowspan=1000000000>a" * 100,
        "a table 10**9 wide": b'<table width="1000000000"><tr><td width="1000000000">a</table>',
        "lists that begin at 10**9": b'<ol start="99999999999999999999999"><li>a' * 200,
        "49,000 line breaks": b"<br>" * 49_000,
        "1.9 MB of blanks": b"<pre>" + b" " * 1_900_000,
        "1.9 MB in one word": b"a" * 1_900_000,
        "formatting never closed": b"<b><i><u><s>" * 12_000,
        "formatting closed crosswise": b"<b><p><i></b></p>" * 12_000,
        "anchors in anchors": b"<a href=x>" * 49_000,
        "100,000 attributes": b"<p " + b" ".join(b"a%d=b" % n for n in range(100_000)) + b">",
        "an attribute of 1 MB": b'<p title="' + b"a" * 1_000_000 + b'">',
        "a style of 1 MB": b'<p style="' + b"color:red;" * 100_000 + b'">' + b"<b>a</b>" * 1_000,
        "a class of 20,000 names": b'<p class="' + b" ".join(b"a%d" % n for n in range(20_000)) + b'">' * 2,
        "200,000 entities": b"&amp;" * 200_000,
        "200,000 unknown entities": b"&aaaaaaaa" * 200_000,
        "entities of 10**1000": (b"&#" + b"9" * 1_000 + b";") * 1_000,
        "1 MB of &#": b"&#" * 500_000,
        "entities that expand": b"<!DOCTYPE html [<!ENTITY a '" + b"a" * 100 + b"'>"
        + b"".join(b"<!ENTITY a%d '&a%d;&a%d;'>" % (n + 1, n, n) for n in range(60)) + b"]>&a60;",
        "1 MB of {": b"<style>" + b"{" * 1_000_000 + b"</style>",
        "1 MB of a{": b"<style>" + b"a{" * 500_000 + b"</style>",
        "style rules that hide": b"<style>" + b".a{display:none}" * 6_000 + b"</style>" + b"<p class=a>b" * 12_000,
        "style of commas": b"<style>" + b"," * 290 + b"{display:none}" * 300 + b"</style>",
        "comments in styles": b"<style>" + b"/*" * 500_000 + b"</style>",
        "charset by meta, 1,000 times": b'<meta charset="utf-7">' * 1_000,
        "a nul in each tag": b"<d\0iv>" * 12_000,
        "processing instructions": b"<?xml version='1.0'?>" * 12_000,
        "base and frames": b"<base href=http://127.0.0.1/><iframe src=//127.0.0.1/><object data=file:///etc/passwd>" * 3_000,
    }  # fmt: skip


def _alternative(page: bytes) -> bytes:
    part = b"--b\r\nContent-Type: text/html\r\n\r\n" + page + b"\r\n"
    return header() + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + part * 5 + b"--b--\r\n"
