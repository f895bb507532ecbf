"""The folder of frozen samples, and the keys under which the stored ones were sealed: made up, and no secret."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

Sample = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "frozen"
OWNER = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


def read(name: str) -> Any:
    """One file of samples; empty where there is none yet."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else []


def write(name: str, content: Any) -> None:
    """Keep a file of samples."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def told(event: object) -> Sample:
    """An event's facts as JSON has them, bytes in base64."""
    facts: Sample = json.loads(msgspec.json.encode(vars(event)))
    return facts


def coded(content: bytes) -> str:
    """Bytes as they stand in a sample."""
    return base64.b64encode(content).decode()


def decoded(text: str) -> bytes:
    """The bytes of a sample."""
    return base64.b64decode(text, validate=True)
