"""Makes messages of what was planned for the demo mailbox; no two say the same."""

from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from random import Random

from triage.demo.letters import Letter, Writer
from triage.demo.people import make_correspondent
from triage.demo.plan import Planned, Proportions
from triage.demo.wire import Envelope, Fields, as_wire, compose, forwarded_text, message_id
from triage.demo.wording import Client, Wording, fill, say

ATTEMPTS = 50
AUTOMATIC = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"))


class Press:
    """Makes messages in the order of their places, because a later one may answer an earlier one."""

    def __init__(self, wording: Wording, proportions: Proportions, *, seed: int) -> None:
        self.wording, self.proportions, self.seed = wording, proportions, seed
        self.roles = proportions.roles
        self.writer = Writer(wording, proportions)
        self._said: set[str] = set()
        self._sent: dict[int, tuple[Letter, str]] = {}

    def message(self, planned: Planned, arrived: datetime) -> bytes:
        """The octets of what was `planned`."""
        random = Random(f"{self.seed}/{planned.place}")
        [client] = random.choices(self.wording.clients, [client.weight for client in self.wording.clients])
        if planned.intent == self.roles.bounce:
            return self._bounce(planned, client, arrived, random)
        answered, answered_id = None, ""
        if planned.earlier is not None:
            answered, answered_id = self._sent[planned.earlier]
        letter = self._new_letter(planned, arrived, answered, random)
        envelope = Envelope(
            arrived=arrived,
            client=client,
            message_id=message_id(client, letter.sender.domain, random),
            answers=answered_id,
            attached=self._attached(planned, random),
            extra=self._extra(planned, letter, random),
        )
        self._sent[planned.place] = (letter, envelope.message_id)
        if planned.intent == self.roles.offer:
            letter, envelope = self._perhaps_forwarded(planned, letter, envelope, random)
        return self._composed(planned, letter, envelope, random)

    def _new_letter(self, planned: Planned, sent: datetime, answered: Letter | None, random: Random) -> Letter:
        for _ in range(ATTEMPTS):
            letter = self.writer.write(planned, random, sent=sent, answers=answered)
            said = "".join(letter.text.split())
            if said not in self._said:
                self._said.add(said)
                return letter
        raise RuntimeError(f"no new text for {planned}: add sentences to data/demo/texts")

    def _attached(self, planned: Planned, random: Random) -> tuple[str, ...]:
        parts = self.proportions.parts
        shares = {"csv": parts.csv, "txt": parts.txt, "pdf": parts.pdf, "xlsx": parts.xlsx}
        if planned.intent not in self.roles.attaching:
            return ()
        drawn = tuple(kind for kind, share in shares.items() if random.random() < share)
        return drawn or (("pdf",) if planned.intent in self.roles.always_attaching else ())

    def _perhaps_forwarded(
        self, planned: Planned, letter: Letter, envelope: Envelope, random: Random
    ) -> tuple[Letter, Envelope]:
        parts, drawn = self.proportions.parts, random.random()
        if drawn >= parts.forward_inline + parts.forward_nested:
            return letter, envelope
        language = self.wording.languages[planned.language]
        sender = make_correspondent(language, random)
        note = replace(
            letter,
            sender=sender,
            named=True,
            subject=language.forward_prefix + letter.subject,
            blocks=(say(language.forward_notes, sender.values(), random),),
            signature=say(language.common.signatures, sender.values(), random),
        )
        outer = replace(envelope, message_id=message_id(envelope.client, sender.domain, random))
        if drawn < parts.forward_inline:
            below = forwarded_text(letter, language, self.proportions.desk)
            return replace(note, signature=f"{note.signature}\n\n{below}"), outer
        return note, replace(outer, attached=(), nested=self._composed(planned, letter, envelope, random))

    def _composed(self, planned: Planned, letter: Letter, envelope: Envelope, random: Random) -> bytes:
        return compose(
            letter,
            envelope,
            language=self.wording.languages[planned.language],
            desk=self.proportions.desk,
            form=self.proportions.form,
            random=random,
        )

    def _bounce(self, planned: Planned, client: Client, arrived: datetime, random: Random) -> bytes:
        person = make_correspondent(self.wording.languages[planned.language], random)
        status, answer = random.choice(self.wording.refusals)
        values = {
            "domain": person.domain,
            "email": person.email,
            "desk": self.proportions.desk.address,
            "queue": fill("4~~~~~~~~~~", random).upper(),
            "date": format_datetime(arrived),
            "message_id": message_id(client, person.domain, random),
            "number": f"{arrived.year}-{random.randint(100000, 999999)}",
            "status": status,
            "answer": f"550 {status} <{person.email}>: {answer}",
        }
        return as_wire(self.wording.bounce.format_map(values))

    def _extra(self, planned: Planned, letter: Letter, random: Random) -> Fields:
        """Header fields that automatic and list mail carries."""
        if planned.intent in self.roles.automatic:
            return AUTOMATIC
        if planned.intent in self.roles.bulk:
            domain = letter.sender.domain
            leave = f"<https://www.{domain}/leave/{fill('~~~~~~~~', random)}>"
            return (("List-Id", f"<news.{domain}>"), ("List-Unsubscribe", leave), ("Precedence", "bulk"))
        return ()
