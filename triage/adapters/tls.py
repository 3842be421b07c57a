"""Encryption towards mail servers: verified always, left out on loopback only."""

import ipaddress
import ssl
from enum import IntEnum
from pathlib import Path

_NO_AUTHORITY = "NO_CERTIFICATE_OR_CRL_FOUND"


class VerifyCode(IntEnum):
    """What OpenSSL finds wrong with a certificate (X509_V_ERR_...)."""

    NOT_YET_VALID = 9
    EXPIRED = 10
    OTHER_NAME = 62
    OTHER_ADDRESS = 64


def context(ca_file: Path | None) -> ssl.SSLContext:
    """A client's context that verifies certificate and host name; `ca_file` holds a private authority."""
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def on_loopback(host: str) -> bool:
    """Whether `host` is this machine, where encryption may be left out."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def trouble(fault: ssl.SSLError, *, host: str, ca_file: str, port: str) -> str:
    """What went wrong between us and the server, and what to do; the names are those of the settings."""
    if not isinstance(fault, ssl.SSLCertVerificationError):
        if fault.reason == _NO_AUTHORITY:
            return f"{ca_file} holds no certificate; give one in PEM"
        return f"no TLS could be agreed on ({fault.reason or fault}); see that {port} belong together"
    said = fault.verify_message
    match fault.verify_code:
        case VerifyCode.EXPIRED:
            return f"its certificate has expired ({said}); have it renewed"
        case VerifyCode.NOT_YET_VALID:
            return f"its certificate is not valid yet ({said}); see the clock of this machine, or have it renewed"
        case VerifyCode.OTHER_NAME | VerifyCode.OTHER_ADDRESS:
            return f"its certificate is for another name ({said}); set {host} to the name that it is for"
        case _:
            return (
                f"its certificate is not trusted ({said}); "
                f"give the authority that signed it as {ca_file}, or have the certificate renewed"
            )
