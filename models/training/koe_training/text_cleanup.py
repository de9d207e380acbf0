"""The clean-up before the tokenizer, rule for rule that of `src/model/text-cleanup.ts`.

Emoji become private-use characters that own the pretrained rows of those emoji (transformers.js 2.17.2 reads astral
characters as unknown), kaomoji likewise, then NFKC, single spaces, and runs of one character cut to three.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_SPECIAL_PIECES = re.compile(r"<(?:/?s|pad|unk|mask)>")
# JavaScript's \s and the same additions; Python's own \s also has U+001C to U+001F, which are gone by then.
_WHITE_SPACE = re.compile("[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_LAUGHTER = re.compile(r"(?<![A-Za-z0-9./:])[wW]{2,}(?![A-Za-z0-9.])")
_LONG_RUN = re.compile(r"([^0-9])\1{3,}", re.DOTALL)


def create_text_cleanup(table: Path) -> Callable[[str], str]:
    """Builds the clean-up from `textnorm.json`; any string in, lone surrogates included."""
    tables = json.loads(table.read_text(encoding="utf-8"))
    replacements: dict[str, str] = {**tables["map"], **tables["emoji"]}
    longest_first = sorted(replacements, key=len, reverse=True)
    replaced = re.compile("|".join(re.escape(key) for key in longest_first))

    def cleanup(text: str) -> str:
        text = _SPECIAL_PIECES.sub("", _INVISIBLE.sub("", text))
        text = replaced.sub(lambda found: replacements[found.group()], text)
        text = unicodedata.normalize("NFKC", text)
        text = _WHITE_SPACE.sub(" ", text).strip(" ")
        return _LONG_RUN.sub(r"\1\1\1", _LAUGHTER.sub("www", text))

    return cleanup
