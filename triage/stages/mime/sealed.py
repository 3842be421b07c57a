"""Signed and encrypted mail: what is signed is read and its signature left unchecked, what is encrypted is said."""

from models.mail import Defect

SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
ENCRYPTED = "encrypted, and cannot be read here"
UNCHECKED = Defect(code="signature-unchecked", detail="S/MIME: read without checking who signed")


def encrypted(means: str) -> Defect:
    """The defect of a mail that only its recipient's key opens."""
    return Defect(code="encrypted", detail=f"{means}: only a person with the key can read it")


def signed_content(octets: bytes) -> bytes | None:
    """The MIME entity inside a signed S/MIME message; None when it is encrypted, damaged or signed from outside."""
    from asn1crypto.cms import ContentInfo

    try:
        message = ContentInfo.load(octets)
        if message["content_type"].native != "signed_data":
            return None
        content = message["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError):
        return None
    return content if isinstance(content, bytes) and content else None
