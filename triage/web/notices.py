"""What every page says of the desk itself: jobs in trouble, and how much waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from triage.errors import StoreError
from triage.ports import Attention, Store, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Nothing, for those who are not signed in."""

    troubles: Sequence[Trouble] = ()
    attention: Attention = field(default_factory=Attention)

    @property
    def refused(self) -> bool:
        """Whether some job stays in trouble until a person acts."""
        return any(trouble.refused for trouble in self.troubles)

    @property
    def waiting(self) -> int:
        """Messages and replies that wait for a person."""
        return self.attention.messages + self.attention.replies


def notices(store: Store) -> Notices:
    """What there is to say now; nothing when the database does not answer, for the page says that itself."""
    try:
        return Notices(troubles=store.troubles(), attention=store.attention())
    except StoreError:
        return Notices()
