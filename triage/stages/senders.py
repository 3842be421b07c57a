"""What a sender's address gives away: free mail, and domains that look like another."""

import re
from collections.abc import Iterable, Iterator

from classifiers.company_names import squeezed
from models.knowledge.rules import SenderKnowledge
from models.mail import ParsedMail, Separated
from models.reading import Supplier

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_MOST_TEXT = 20_000
_MOST_PLAIN = 2  # labels of a domain right below its top-level domain


def domain_of(address: str) -> str:
    """The domain of an addr-spec, in lower case; empty when there is none."""
    return address.rpartition("@")[2].strip(" .>").lower() if "@" in address else ""


def sender_addresses(mail: ParsedMail, separated: Separated, supplier: Supplier) -> tuple[str, ...]:
    """Addresses the supplier writes from: From and Reply-To; of a forwarded mail those of the original sender."""
    original = separated.original_from
    if original is not None and original.address:
        return (original.address,)
    direct = [a.address for a in (*mail.from_, *mail.reply_to)]
    return tuple(dict.fromkeys([*direct, *([supplier.email] if supplier.email else [])]))


def free_mail_address(addresses: Iterable[str], knowledge: SenderKnowledge) -> str | None:
    """The first address at a domain that is open to anyone."""
    return next((a for a in addresses if domain_of(a) in knowledge.free_mail), None)


def open_to_anyone(address: str, knowledge: SenderKnowledge) -> bool:
    """Whether an address is at a free-mail provider, under whichever top-level domain."""
    domain = domain_of(address)
    return domain in knowledge.free_mail or _name(domain, knowledge) in {
        _name(one, knowledge) for one in knowledge.free_mail
    }


def named_domains(mail: ParsedMail) -> tuple[str, ...]:
    """Domains of the addresses that a mail's text names: those of the parties to a thread, and of its own signature."""
    found = (domain_of(match.group()) for match in _ADDRESS.finditer(mail.text[:_MOST_TEXT]))
    return tuple(dict.fromkeys(found))


def lookalike(
    domains: Iterable[str], own: Iterable[str], parties: Iterable[str], knowledge: SenderKnowledge
) -> tuple[str, str] | None:
    """(the sender's domain, the name it looks like) for the first that imitates an own, a known or a party's name."""
    owned = {domain for domain in own if domain}
    others = {domain for domain in parties if domain and domain not in owned | knowledge.free_mail}
    names = {_name(domain, knowledge) for domain in owned} | set(knowledge.imitated)
    for domain in domains:
        if not domain or any(domain == o or domain.endswith("." + o) for o in owned):
            continue
        same = domain in others
        near = names if same else names | {_name(other, knowledge) for other in others}
        for label in _labels(domain):
            imitated = next((n for n in sorted(near) if _imitates(label, n, knowledge)), None)
            imitated = imitated or _borrowed(label, names, knowledge)
            if imitated is not None:
                return domain, imitated
    return None


def _borrowed(label: str, names: Iterable[str], knowledge: SenderKnowledge) -> str | None:
    """The name that a label carries beside other words: "agency-post", "3m-supply"."""
    parts = label.split("-")
    brand = next((one for one in knowledge.brands if one in parts and len(parts) > 1), None)
    for name in sorted(names):
        if len(parts) > 1 and any(part == name or _imitates(part, name, knowledge) for part in parts):
            return name
        if len(name) >= knowledge.least_borrowed and name in label and name != label:
            return name
    return brand


def miswritten(domain: str, company: str, knowledge: SenderKnowledge) -> bool:
    """Whether a domain is the name of the company that its sender says he is, with letters that only look like its own.

    Spellings of a letter that is no ASCII ("oe") are no disguise.
    """
    words = [squeezed(word) for word in company.split()]
    names = {"".join(words[:count]) for count in range(1, len(words) + 1)}
    long_enough = [name for name in names if len(name) >= knowledge.least_length]
    labels = [squeezed(label) for label in _labels(domain)]
    return any(
        _folded(label, knowledge) == _folded(name, knowledge)
        and _spelled(label, knowledge) != _spelled(name, knowledge)
        for label in labels
        for name in long_enough
    )


def _name(domain: str, knowledge: SenderKnowledge) -> str:
    """The label of a domain that names its holder."""
    parts = domain.split(".")
    at = -3 if len(parts) > _MOST_PLAIN and parts[-2] in knowledge.second_level else -2
    return parts[at] if len(parts) > 1 else domain


def _labels(domain: str) -> Iterator[str]:
    for label in domain.split(".")[:-1]:
        if not label.startswith("xn--"):
            yield label
            continue
        try:
            yield label.encode("ascii").decode("idna")
        except UnicodeError:
            yield label


def _imitates(label: str, name: str, knowledge: SenderKnowledge) -> bool:
    """Whether `label` is not `name` but could be taken for it: like letters, one letter more, less or other."""
    if label == name or len(name) < knowledge.least_length:
        return False
    return _folded(label, knowledge) == _folded(name, knowledge) or _one_edit(label, name)


def _folded(label: str, knowledge: SenderKnowledge) -> str:
    """A label with one letter for all that look alike."""
    for seen, meant in knowledge.confusables:
        label = label.replace(seen, meant)
    return _spelled(label, knowledge)


def _spelled(label: str, knowledge: SenderKnowledge) -> str:
    """A label with one spelling for each letter."""
    for seen, meant in knowledge.spellings:
        label = label.replace(seen, meant)
    return label.replace("-", "").replace("_", "")


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter was added, lost, replaced or swapped with its neighbour."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) == len(b):
        swapped = a[same + 1 : same + 2] + a[same : same + 1] + a[same + 2 :]
        return a[same + 1 :] == b[same + 1 :] or swapped == b[same:]
    return a[same:] == b[same + 1 :]
