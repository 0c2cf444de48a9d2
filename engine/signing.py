"""Ed25519: the facts of a certificate, as canonical JSON, are signed with one key and checked by anybody without us."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.domain.chain import canonical
from engine.domain.errors import Invalid

SEED: Final = 32  # bytes of a private key (RFC 8032)
ID: Final = 16  # characters of a key's id
FORM: Final = "marchamo-certificate-1"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key; its id is the beginning of the SHA-256 of its public half."""

    key: Ed25519PrivateKey

    @classmethod
    def of(cls, text: str) -> Self:
        """From 32 bytes written in base64, as `MARCHAMO_SIGNING_KEY` holds them; Invalid for anything else."""
        try:
            seed = base64.b64decode(text.strip(), validate=True)
        except ValueError as error:
            raise Invalid("The signing key is not written in base64.") from error
        if len(seed) != SEED:
            raise Invalid("The signing key must be 32 bytes.")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> str:
        """The public half, its 32 bytes in base64."""
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    @property
    def id(self) -> str:
        """By which a signature says what key made it."""
        return key_id(self.public_key)

    def sign(self, facts: str) -> str:
        """The signature over the text, in base64."""
        return base64.b64encode(self.key.sign(facts.encode())).decode()


def key_id(public_key: str) -> str:
    """The id of a public key (base64)."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:ID]


def holds(facts: str, signature: str, public_key: str) -> bool:
    """Whether the signature (base64) was made over exactly this text with the private half of the key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(signature), facts.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def document(facts: str, signature: str, key: str) -> str:
    """The signed certificate as a file that is checked without asking anybody."""
    said = {"form": FORM, "facts": json.loads(facts), "signature": signature, "key": key}
    return json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(content: bytes) -> tuple[Mapping[str, object], str, str, str]:
    """Facts, their canonical text, the signature and the key's id of such a file; Invalid for any other."""
    try:
        said = json.loads(content)
        facts, signature, key = said["facts"], said["signature"], said["key"]
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("This file is no signed certificate.") from error
    if said.get("form") != FORM or not isinstance(facts, dict) or not isinstance(signature, str):
        raise Invalid("This file is no signed certificate.")
    return facts, canonical(facts), signature, str(key)
