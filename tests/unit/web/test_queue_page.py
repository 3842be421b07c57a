import re

import pytest
from starlette.testclient import TestClient

from models.case import QueueFilter
from tests.unit.web.asking import words
from triage.adapters.store import SqlStore


def numbers(page: str) -> list[str]:
    return re.findall(r'<span class="number">([^<]+)</span>', page)


def test_the_queue_stands_in_the_order_of_the_rank(asking: TestClient, filled: SqlStore) -> None:
    ranked = filled.queue(QueueFilter(), page=1, size=25)
    assert numbers(asking.get("/queue").text) == [one.number for one in ranked.cases]


def test_positions_go_on_from_page_to_page(asking: TestClient) -> None:
    second = asking.get("/queue?page=2")
    assert '<td role="cell" class="n">26</td>' in second.text
    assert "Viser 26–50 av 51" in words(second)


def test_a_filter_stays_in_every_link(asking: TestClient) -> None:
    page = asking.get("/queue?category=respirator&band=high").text
    assert "/cases/1?category=respirator&amp;band=high" in page
    assert numbers(page) == ["SM-000001"]


def test_text_finds_the_supplier(asking: TestClient) -> None:
    assert numbers(asking.get("/queue?text=malmö").text) == ["SM-000003"]


@pytest.mark.parametrize(
    "asked",
    [
        "page=0",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "page=²",
        "state=nonsense",
        "category=%00",
        "text=%25_%5C%27%22--",
        "band=%FF",
        "text=" + "a" * 5000,
        "intent=&category=&all=2",
    ],
)
def test_an_address_that_makes_no_sense_still_gives_a_page(asking: TestClient, asked: str) -> None:
    assert asking.get(f"/queue?{asked}").status_code == 200


def test_the_banner_says_what_waits(asking: TestClient) -> None:
    page = words(asking.get("/queue"))
    assert "Meldinger som ikke kunne leses eller hentes: 2." in page
    assert "Svar som ikke er bekreftet sendt: 1." in page
    assert "60 sekunder" in words(asking.get("/quarantine"))


def test_bars_show_the_cases_of_each_category(asking: TestClient, filled: SqlStore) -> None:
    page = asking.get("/queue").text
    counts = filled.category_counts()
    assert re.findall(r'<span class="count">(\d+)</span>', page) == [
        str(counts.get(one, 0)) for one in re.findall(r'href="/queue\?category=(\w+)"', page)
    ]


def test_no_position_is_told_by_colour_alone(asking: TestClient) -> None:
    page = words(asking.get("/queue"))
    for band in ("Høy", "Middels", "Lav"):
        assert band in page


def test_a_row_says_what_is_uncertain_missing_or_risky(asking: TestClient) -> None:
    page = words(asking.get("/queue?all=1&text=SM-000006"))
    assert "må leses av et menneske" in page
    page = words(asking.get("/queue?text=SM-000002"))
    assert "Risikotegn: 4" in page
    assert "krav og merking" in page
