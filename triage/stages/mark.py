"""Mark: which keywords and which folder show staff in their mail program what was found in a message."""

from models.knowledge.marks import MarkedBy, MarkPolicy, MarkRule
from models.mark import Mark, Markable

NOTHING = Mark(keywords=(), folder="")


def mark_of(message: Markable, policy: MarkPolicy) -> Mark:
    """The keywords of every rule that holds, the folder of the first.

    A message stays where it is when somebody put it back there, or when the rest of its octets is still to be fetched.
    """
    if message.backfill and not policy.old_mail:
        return NOTHING
    holding = [rule for rule in policy.rules if _holds(rule, message)]
    stays = message.returned or not message.whole or not holding
    return Mark(
        keywords=tuple(dict.fromkeys(rule.keyword for rule in holding if rule.keyword)),
        folder="" if stays else holding[0].folder,
    )


def _holds(rule: MarkRule, message: Markable) -> bool:
    match rule.by:
        case MarkedBy.CATEGORY:
            return rule.value in message.categories
        case MarkedBy.INTENT:
            return rule.value == message.intent
        case MarkedBy.UNCERTAIN:
            return message.uncertain
        case MarkedBy.OTHERWISE:
            return not message.categories
