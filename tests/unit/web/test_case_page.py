import re

import pytest
from starlette.testclient import TestClient

from models.case import CaseState
from models.label import LabelField
from tests.browser import seed
from tests.unit.web.asking import post, words
from triage.adapters.store import SqlStore


def test_the_reasons_sum_to_the_score(asking: TestClient) -> None:
    table = re.search(r'<table class="points">(.*?)</table>', asking.get("/cases/1").text, re.DOTALL)
    assert table
    *points, total = [float(n.replace(",", ".").replace("−", "-")) for n in re.findall(r'class="n">([^<]+)<', table[1])]
    assert sum(points) == pytest.approx(total) == 88


def test_a_claim_is_marked_in_subject_text_and_attachment(asking: TestClient) -> None:
    page = asking.get("/cases/1").text
    assert 'title="FFP3, påstått"' in page
    assert 'title="EN 149, påstått"' in page
    assert re.search(r'<mark class="pending" title="Declaration of Conformity, under arbeid">', page)
    assert re.search(r'<mark class="asserted" title="EU type-examination, påstått">.*EU TYPE-EXAMINATION', page)


def test_proof_findings_missing_and_risk_stand_with_their_evidence(asking: TestClient) -> None:
    page = words(asking.get("/cases/2"))
    for shown in ("KN95 er ikke FFP2", "same as FFP2", "krav og merking", "Forskuddsbetaling", "100% T/T in advance"):
        assert shown in page
    assert "dokument vedlagt" in words(asking.get("/cases/1"))


def test_hidden_text_is_told_of(asking: TestClient) -> None:
    assert "Meldingen inneholder skjult tekst" in words(asking.get("/cases/2"))
    assert "skjult tekst" not in words(asking.get("/cases/1"))


def test_quoted_text_and_signature_are_folded(asking: TestClient) -> None:
    page = asking.get("/cases/2").text
    folded = re.findall(r'<details class="segment"><summary lang="nb">(\w+)', page)
    assert folded[:2] == ["Signatur", "Sitat"]


def test_the_deciding_message_stands_first_and_all_are_there(asking: TestClient) -> None:
    page = asking.get("/cases/1").text
    assert page.index("<h2>Melding 1 av 2") < page.index("<h2>Melding 2 av 2")
    page = words(asking.get("/cases/1"))
    assert "Svar holdt tilbake (Melding 2 av 2): Saken har fått kvittering før." in page


def test_history_names_who_did_what(asking: TestClient) -> None:
    page = words(asking.get("/cases/1"))
    assert "Status ble endret" in page
    assert "fra: Mottatt; til: Under vurdering; merknad: Ringer leverandøren før kl. 12." in page


def test_a_state_is_set_with_a_note_and_told_in_the_history(acting: TestClient, store: SqlStore) -> None:
    answer = post(
        acting, "/cases/2/state?category=respirator", state="needs_documents", note="Ber om modul B", go="here"
    )
    assert answer.headers["location"] == "/cases/2?category=respirator&saved=state"
    case = store.case(2)
    assert case
    assert case.summary.state is CaseState.NEEDS_DOCUMENTS
    assert (case.events[-1].actor, case.events[-1].detail["note"]) == (seed.NAME, "Ber om modul B")
    assert "Statusen er lagret." in words(acting.get(answer.headers["location"]))


def test_saving_can_go_on_to_the_next_in_the_same_selection(acting: TestClient) -> None:
    answer = post(acting, "/cases/1/state?category=respirator", state="closed", go="next")
    assert answer.headers["location"] == "/cases/2?category=respirator"


def test_the_last_case_leads_back_to_the_queue(asking: TestClient) -> None:
    assert (
        asking.get("/cases/2/next?category=respirator&text=KN95").headers["location"]
        == "/queue?category=respirator&text=KN95"
    )


@pytest.mark.parametrize(
    "fields",
    [{"state": "nonsense"}, {"state": ""}, {}, {"state": "closed", "note": "x" * 2001}],
)
def test_a_state_that_is_none_is_refused(acting: TestClient, fields: dict[str, str]) -> None:
    assert post(acting, "/cases/1/state", **fields).status_code == 422


def test_a_correction_becomes_a_label(acting: TestClient, store: SqlStore) -> None:
    message = store.case(6).messages[0].id  # type: ignore[union-attr]
    assert post(acting, "/cases/6/label", message=message, field="intent", value="offer").status_code == 303
    assert (
        post(acting, "/cases/6/label", message=message, field="categories", value=["gown", "service"]).status_code
        == 303
    )
    intent, categories = store.labels()
    assert (intent.field, intent.value, intent.read_value, intent.actor) == (
        LabelField.INTENT,
        "offer",
        "question",
        seed.NAME,
    )
    assert (categories.value, categories.read_value) == ("gown,service", "gown,production")
    case = store.case(6)
    assert case
    assert (case.summary.intent, set(case.summary.categories)) == ("offer", {"gown", "service"})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"field": "intent", "value": "nonsense"}, 422),
        ({"field": "intent"}, 422),
        ({"field": "intent", "value": ["offer", "other"]}, 422),
        ({"field": "categories", "value": ["gown", "<b>"]}, 422),
        ({"field": "claims", "value": "x"}, 422),
        ({"field": "intent", "value": "offer", "message": "x"}, 422),
        ({"field": "intent", "value": "offer", "message": "1"}, 404),
    ],
)
def test_a_correction_that_makes_no_sense_or_is_anothers_is_refused(
    acting: TestClient, store: SqlStore, fields: dict[str, object], status: int
) -> None:
    message = store.case(6).messages[0].id  # type: ignore[union-attr]
    assert post(acting, "/cases/6/label", **{"message": message, **fields}).status_code == status
    assert not store.labels()


def test_no_category_at_all_is_a_correction_too(acting: TestClient, store: SqlStore) -> None:
    message = store.case(6).messages[0].id  # type: ignore[union-attr]
    assert post(acting, "/cases/6/label", message=message, field="categories").status_code == 303
    assert [one.value for one in store.labels()] == [""]
