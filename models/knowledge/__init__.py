"""The knowledge in force: everything that data/ and reply_templates/ say, read once, with a digest."""

from dataclasses import dataclass

from models.knowledge.claims import ClaimKnowledge
from models.knowledge.identity import IdentityKnowledge
from models.knowledge.judging import JudgingKnowledge
from models.knowledge.language import LanguageKnowledge
from models.knowledge.marks import MarkPolicy
from models.knowledge.offers import OfferKnowledge
from models.knowledge.products import ProductKnowledge
from models.knowledge.ranking import RankKnowledge
from models.knowledge.replies import ReplyKnowledge
from models.knowledge.rules import RuleKnowledge
from models.knowledge.running import RunningPolicy
from models.knowledge.screening import ScreeningKnowledge
from models.knowledge.separation import SeparationKnowledge
from models.knowledge.wording import WordingKnowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything the stages and classifiers look up. `digest` is the sha256 over the files it was read from."""

    digest: str
    language: LanguageKnowledge
    separation: SeparationKnowledge
    screening: ScreeningKnowledge
    products: ProductKnowledge
    claims: ClaimKnowledge
    offers: OfferKnowledge
    identity: IdentityKnowledge
    judging: JudgingKnowledge
    rules: RuleKnowledge
    ranking: RankKnowledge
    replies: ReplyKnowledge
    wording: WordingKnowledge
    running: RunningPolicy
    marks: MarkPolicy
