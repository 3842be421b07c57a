"""A certificate authority of our own for tests: certificates that are good, expired or for another name."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, each a file in PEM; `both` holds them together."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """Signs certificates into a folder; `file` is what a client must trust."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        self.file = folder / "ca.pem"
        made = self._built(self._name, self._key, days=30, name="", authority=True)
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str = "localhost", *, days: float = 30, key: Key | None = None) -> Issued:
        """A certificate for `name` (and 127.0.0.1 if that is localhost) that expires in `days`, which may be past."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._built(subject, key, days=days, name=name, authority=False)
        stem = f"{name}{days}{type(key).__name__}"
        issued = Issued(self._folder / f"{stem}.pem", self._folder / f"{stem}.key", self._folder / f"{stem}.both")
        certificate = made.public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        issued.certificate.write_bytes(certificate)
        issued.key.write_bytes(private)
        issued.both.write_bytes(private + certificate)
        issued.both.chmod(0o600)
        return issued

    def _built(self, subject: x509.Name, key: Key, *, days: float, name: str, authority: bool) -> x509.Certificate:
        until = datetime.now(UTC) + timedelta(days=days)
        names: list[x509.GeneralName] = [x509.DNSName(name)] if name else []
        if name == "localhost":
            names.append(x509.IPAddress(ip_address("127.0.0.1")))
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - timedelta(days=90))
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())
