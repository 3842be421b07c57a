"""The ranked queue: filter, page by page, counts by category, and what needs attention."""

from dataclasses import asdict, dataclass

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from models.case import CaseState, QueueFilter
from triage.web.desk import LARGEST_ID, Desk, TheDesk

PAGE_SIZE = 25
LONGEST_TEXT = 200
MOST_DIGITS = 9
FILTER_FIELDS = ("category", "state", "intent", "band", "text")

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the chart; `share` is its length in percent of the longest."""

    category: str
    count: int
    share: int


@router.get("/queue")
def show_queue(request: Request, desk: TheDesk) -> Response:
    """A page of the queue."""
    wanted = filter_of(request.query_params)
    page = desk.store.queue(wanted, page=_page_number(request.query_params), size=PAGE_SIZE)
    categories = desk.pages.wording(request).sections["categories"]
    return desk.pages.render(
        request,
        "queue.html",
        page=page,
        first=(page.page - 1) * PAGE_SIZE + 1,
        wanted=wanted,
        kept=pairs_of(wanted),
        bars=_bars(desk, tuple(categories)),
    )


def filter_of(params: QueryParams) -> QueueFilter:
    """The filter that an address asks for; values that make no sense are left out."""
    asked = {name: params.get(name, "").replace("\0", "").strip()[:LONGEST_TEXT] or None for name in FILTER_FIELDS}
    state = asked.pop("state")
    return QueueFilter(
        **asked,
        state=CaseState(state) if state in set(CaseState) else None,
        open_only=params.get("all", "") != "1",
    )


def pairs_of(wanted: QueueFilter) -> list[tuple[str, str]]:
    """The filter as it stands in an address."""
    stated = asdict(wanted)
    pairs = [(name, str(stated[name])) for name in FILTER_FIELDS if stated[name]]
    return pairs if wanted.open_only else [*pairs, ("all", "1")]


def _page_number(params: QueryParams) -> int:
    asked = params.get("page", "")
    return (
        min(max(1, int(asked)), LARGEST_ID // PAGE_SIZE)
        if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS
        else 1
    )


def _bars(desk: Desk, order: tuple[str, ...]) -> list[Bar]:
    counts = desk.store.category_counts()
    longest = max(counts.values(), default=0) or 1
    categories = [*order, *sorted(set(counts) - set(order))]
    return [Bar(category=c, count=counts.get(c, 0), share=round(100 * counts.get(c, 0) / longest)) for c in categories]
