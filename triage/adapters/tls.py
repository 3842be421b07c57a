"""Encryption towards mail servers: verified always, left out on loopback only."""

import ipaddress
import ssl
from pathlib import Path


def context(ca_file: Path | None) -> ssl.SSLContext:
    """A client's context that verifies certificate and host name; `ca_file` holds a private authority."""
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def on_loopback(host: str) -> bool:
    """Whether `host` is this machine, where encryption may be left out."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def trouble(fault: ssl.SSLError) -> str:
    """What went wrong between us and the server, and what to do."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({fault.verify_message}); "
            "give the authority that signed it as ..._CA_FILE, or have the certificate renewed"
        )
    return f"no TLS could be agreed on ({fault.reason or fault}); see that ..._PORT and ..._ENCRYPTION belong together"
