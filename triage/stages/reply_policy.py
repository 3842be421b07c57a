"""How a reply is written down: msg-ids of other people stand as they are, however long."""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, Policy


class _MessageIds(UnstructuredHeader, BaseHeader):
    """In-Reply-To and References. The standard library takes their ids for prose and encodes what fills a line."""

    def fold(self, *, policy: Policy) -> str:
        """A line for each id: inside an id no line may end (RFC 5322 §3.6.4), and none is encoded (RFC 2047 §5)."""
        return f"{self.name}: {f'{policy.linesep} '.join(str(self).split())}{policy.linesep}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("in-reply-to", "references"):
        registry.map_to_type(name, _MessageIds)
    return registry


REPLY_POLICY = SMTP.clone(header_factory=_registry())
"""The policy that replies are made with."""
