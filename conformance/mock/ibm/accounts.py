"""Who may use the mock, and the tokens that stand for them: two accounts, one instance each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

LIFE_OF_A_TOKEN = 3600
"""Seconds."""

_SIGNING_KEY = b"qconform mock of IBM Cloud IAM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account with one instance of the service."""

    name: str
    key: str = field(repr=False)
    """The API key: exchanged for a token, or sent itself."""
    crn: str
    user_id: str
    plan_id: str

    @property
    def instance_id(self) -> str:
        """The instance's own part of the CRN."""
        return self.crn.split(":")[7]


def _account(name: str, number: int) -> Account:
    account, instance = f"{number:032x}", f"00000000-0000-4000-8000-{number:012x}"
    return Account(
        name=name,
        key=f"qconform-mock-key-of-the-{name}-account",
        crn=f"crn:v1:bluemix:public:quantum-computing:us-east:a/{account}:{instance}::",
        user_id=f"IBMid-{number:09d}",
        plan_id=f"plan-of-the-{name}-account",
    )


ACCOUNTS = (_account("first", 1), _account("second", 2))


def token_for(account: Account, now: float) -> str:
    """Return an access token in the form of a JWT (RFC 7519), good for an hour from `now`."""
    issued = int(now)
    claims = {
        "sub": account.user_id,
        "iss": "https://iam.cloud.ibm.com/identity",
        "iat": issued,
        "exp": issued + LIFE_OF_A_TOKEN,
        "account": account.name,
    }
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_signature(signed)}"


def account_of_token(token: str, now: float) -> Account | None:
    """Return whose token this is; None when it is none of ours or no longer good."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(signed).encode()):
        return None
    claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    found = next((account for account in ACCOUNTS if account.name == claims["account"]), None)
    return found if claims["exp"] > now else None


def account_of_key(key: str) -> Account | None:
    """Return whose API key this is."""
    return next((account for account in ACCOUNTS if account.key == key), None)


def _part(content: dict[str, Any]) -> str:
    return _text(json.dumps(content, separators=(",", ":")).encode())


def _signature(signed: str) -> str:
    return _text(hmac.new(_SIGNING_KEY, signed.encode(), hashlib.sha256).digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
