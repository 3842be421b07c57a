"""How well readings agree with labelled mail: the figures that the project is judged by, and misses of each kind."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from classifiers.scored_fields import LINE_FIELDS, SUPPLIER_FIELDS, alike, line_rows, same_value
from classifiers.scored_ranks import ndcg, pair_accuracy, ranked

Mail = Mapping[str, object]
CLAIMED = ("asserted", "pending", "denied")


@dataclass(slots=True)
class Counts:
    """True positives, false positives and false negatives, and what follows from them."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, gold: Iterable[object], read: Iterable[object]) -> None:
        """Count what stands in both, only in `read`, only in `gold`; repeated values count as often as they stand."""
        wanted, found = Counter(gold), Counter(read)
        both = (wanted & found).total()
        self.tp += both
        self.fp += found.total() - both
        self.fn += wanted.total() - both

    @property
    def f1(self) -> float:
        """F1; not a number when there was nothing to find and nothing found."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """The share of what was to be found."""
        return _share(self.tp, self.tp + self.fn)

    def row(self) -> dict[str, float]:
        """All of it, and `n`, how many were to be found."""
        return {"f1": self.f1, "precision": self.precision, "recall": self.recall, "n": self.tp + self.fn}


@dataclass(slots=True)
class _Tally:
    """The running counts over all mails."""

    right: Counter[str] = field(default_factory=Counter)
    intent: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    category: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    flag: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    claim: Counts = field(default_factory=Counts)
    claim_code: Counts = field(default_factory=Counts)
    attached: Counts = field(default_factory=Counts)
    missing: Counts = field(default_factory=Counts)
    unclaimed: int = 0
    false_asserts: int = 0
    lines: dict[str, Counts] = field(default_factory=lambda: {name: Counts() for name in LINE_FIELDS})
    supplier: dict[str, Counts] = field(default_factory=lambda: {name: Counts() for name in SUPPLIER_FIELDS})
    invented: int = 0
    misses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def miss(self, what: str, file: str, want: object, got: object) -> None:
        self.misses[what].append(f"{file}: want {want!r}, read {got!r}")


def score(gold: Mapping[str, Mail], readings: Mapping[str, Mail]) -> dict[str, object]:
    """Figures of readings against gold, both by file. A gold mail with no reading counts as read empty.

    Figures with nothing to stand on are not a number. `gold` must hold a mail.
    """
    return scored(gold, readings)[0]


def scored(
    gold: Mapping[str, Mail], readings: Mapping[str, Mail]
) -> tuple[dict[str, object], Mapping[str, Sequence[str]]]:
    """The figures, and a line on each miss by kind."""
    tally = _Tally()
    for file, want in gold.items():
        got = readings.get(file, {})
        for count in (_language, _intent, _categories, _claims, _lines, _supplier, _missing, _flags):
            count(tally, file, want, got)
    return _figures(tally, gold, readings), tally.misses


def finite(value: object) -> object:
    """The same, with None where a figure has nothing to stand on, as JSON wants it."""
    if isinstance(value, Mapping):
        return {name: finite(inner) for name, inner in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


def _language(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    tally.right["language"] += got.get("language") == want["language"]
    if got.get("language") != want["language"]:
        tally.miss("language", file, want["language"], got.get("language"))


def _intent(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    wanted, read = str(want["intent"]), got.get("intent")
    if read in _several(want.get("intent_maybe")):
        read = wanted
    if read == wanted:
        tally.right["intent"] += 1
        tally.intent[wanted].tp += 1
        return
    tally.intent[wanted].fn += 1
    if read:
        tally.intent[str(read)].fp += 1
    tally.miss("intent", file, wanted, read)


def _categories(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    arguable = set(_several(want.get("categories_maybe")))
    wanted = set(_several(want["categories"])) - arguable
    read = set(_several(got.get("categories"))) - arguable
    tally.right["categories"] += wanted == read
    for label in wanted | read:
        tally.category[str(label)].add([label] * (label in wanted), [label] * (label in read))
    if wanted != read:
        tally.miss("categories", file, sorted(map(str, wanted)), sorted(map(str, read)))


def _claims(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    wanted, read = _claimed(want, *CLAIMED), _claimed(got, *CLAIMED)
    tally.claim.add(wanted, read)
    tally.claim_code.add({code for code, _ in wanted}, {code for code, _ in read})
    if wanted != read:
        tally.miss("claims", file, sorted(wanted - read), sorted(read - wanted))
    asserted = {code for code, _ in _claimed(got, "asserted")}
    attached = {code for code, _ in _claimed(want, "asserted", where="attachment")}
    tally.attached.add(attached, attached & asserted)
    held = {code for code, _ in _claimed(want, "asserted")}
    unclaimed = {code for code, _ in _claimed(want, "pending", "denied", "quoted")} - held
    tally.unclaimed += len(unclaimed)
    tally.false_asserts += len(unclaimed & asserted)


def _claimed(mail: Mail, *statuses: str, where: str = "") -> set[tuple[str, str]]:
    return {
        (str(claim["code"]), str(claim["status"]))
        for claim in _rows(mail.get("claims"))
        if claim.get("status") in statuses
        and not claim.get("extra")
        and not claim.get("ocr")
        and (not where or claim.get("where") == where)
    }


def _lines(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    for name, counts in tally.lines.items():
        wanted, read = line_rows(_rows(want["offer_lines"]), name), line_rows(_rows(got.get("offer_lines")), name)
        left = list(read)
        for category, value, beside in wanted:
            hit = next(
                (
                    one
                    for one in left
                    if one[0] == category and same_value(name, value, one[1]) and beside in (None, one[2])
                ),
                None,
            )
            if hit:
                left.remove(hit)
                counts.tp += 1
            else:
                counts.fn += 1
        counts.fp += len(left)
        if left or len(wanted) != len(read):
            tally.miss(name, file, wanted, read)


def _supplier(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    wanted, read = _fields(want["supplier"]), _fields(got.get("supplier"))
    for name, counts in tally.supplier.items():
        value, guess = wanted.get(name), read.get(name)
        others = _several(wanted.get(name + "_alt"))
        if not value:
            tally.invented += bool(guess) and not others and want["intent"] in ("offer", "donation")
        elif any(alike(name, answer, guess) for answer in (value, *others)):
            counts.tp += 1
        else:
            counts.fn += 1
            tally.miss(name, file, value, guess)


def _missing(tally: _Tally, _file: str, want: Mail, got: Mail) -> None:
    if want["intent"] == "offer":
        tally.missing.add(_several(want["missing"]), _several(got.get("missing")))


def _flags(tally: _Tally, file: str, want: Mail, got: Mail) -> None:
    wanted, read = _codes(want["red_flags"]), _codes(got.get("red_flags"))
    for flag in wanted | read:
        tally.flag[flag].add([flag] * (flag in wanted), [flag] * (flag in read))
    if wanted != read:
        tally.miss("red_flags", file, sorted(wanted), sorted(read))


def _figures(tally: _Tally, gold: Mapping[str, Mail], readings: Mapping[str, Mail]) -> dict[str, object]:
    order = [(str(want["priority_hint"]), readings.get(file, {}).get("priority")) for file, want in gold.items()]
    ranks = ranked(order)
    mails = len(gold)
    return {
        "mails": mails,
        "read": len(set(gold) & set(readings)),
        "language_accuracy": tally.right["language"] / mails,
        "intent_accuracy": tally.right["intent"] / mails,
        "intent_macro_f1": _macro(tally.intent),
        "category_micro_f1": _summed(tally.category).f1,
        "category_macro_f1": _macro(tally.category),
        "category_exact": tally.right["categories"] / mails,
        "category": _table(tally.category),
        "intent": _table(tally.intent),
        "claim_f1": tally.claim.f1,
        "claim": tally.claim.row(),
        "claim_code_f1": tally.claim_code.f1,
        "attachment_claim_recall": tally.attached.recall,
        "false_assert_rate": _share(tally.false_asserts, tally.unclaimed),
        "offer_lines": {name: counts.row() for name, counts in tally.lines.items()},
        "supplier": {name: counts.recall for name, counts in tally.supplier.items()},
        "supplier_invented": tally.invented,
        "missing_f1": tally.missing.f1,
        "red_flag_micro_f1": _summed(tally.flag).f1,
        "red_flag": _table(tally.flag),
        "priority_pair_accuracy": pair_accuracy(ranks),
        "priority_ndcg_at_20": ndcg(ranks, 20),
    }


def _macro(groups: Mapping[str, Counts]) -> float:
    return sum(counts.f1 for counts in groups.values()) / len(groups) if groups else math.nan


def _summed(groups: Mapping[str, Counts]) -> Counts:
    every = groups.values()
    return Counts(sum(one.tp for one in every), sum(one.fp for one in every), sum(one.fn for one in every))


def _table(groups: Mapping[str, Counts]) -> dict[str, dict[str, float]]:
    return {label: counts.row() for label, counts in sorted(groups.items())}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _several(value: object) -> list[object]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def _rows(value: object) -> list[Mail]:
    return [row for row in _several(value) if isinstance(row, Mapping)]


def _fields(value: object) -> Mail:
    return value if isinstance(value, Mapping) else {}


def _codes(value: object) -> set[str]:
    return {str(one["code"]) if isinstance(one, Mapping) else str(one) for one in _several(value)}
