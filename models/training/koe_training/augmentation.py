"""Writes a text as another customer might have typed it, without changing what it says.

Half-width kana, full-width Latin and other NFKC variants are not among the changes: the clean-up before the tokenizer
maps them to one form, so the model cannot tell them apart.
"""

from __future__ import annotations

import random
import re

_COLLOQUIAL = (
    ("でした", "だった"), ("ております", "てます"), ("ています", "てる"), ("ていました", "てた"), ("ではない", "じゃない"),
    ("ではありません", "じゃないです"), ("けれども", "けど"), ("けれど", "けど"), ("という", "っていう"), ("とても", "すごく"),
    ("とても", "めっちゃ"), ("すごく", "めちゃくちゃ"), ("非常に", "とても"), ("本当に", "ほんとに"), ("ほんとに", "ガチで"),
    ("してしまい", "しちゃい"), ("してしまった", "しちゃった"), ("なければ", "なきゃ"), ("のですが", "んですが"),
    ("のですが", "んだけど"), ("ですが", "だけど"), ("思います", "思う"), ("思いました", "思った"), ("しました", "した"),
    ("でしょうか", "ですか"), ("よかった", "良かった"), ("良い", "いい"), ("ください", "下さい"), ("出来", "でき"),
    ("できません", "できない"), ("ありません", "ない"), ("ありがとうございます", "ありがとう"),
)
_SLIPS = {
    "を": "お", "は": "わ", "へ": "え", "ず": "づ", "づ": "ず", "っ": "つ", "ょ": "よ", "ゃ": "や", "ー": "", "う": "",
    "ぢ": "じ", "ヴ": "ブ", "ィ": "イ", "ェ": "エ",
}
_CHEERFUL = ("😊", "✨", "👍", "😄", "💕", "🥰", "♪", "(^^)", "🎉", "！", "!!")
_ANNOYED = ("😢", "💢", "😞", "😡", "😭", "😤", "…", "(´・ω・`)", "💦", "。。。")
_LOOSE_ENDS = ("", "", "！", "。", "…", "。。", "〜")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]")
_END = re.compile(r"[。．.!！…〜]+$")
_KEPT = frozenset("ないなずぬ無不未ん")
"""Characters that may carry a negation: never dropped or swapped."""


def augment(text: str, sentiment: int | None, chance: random.Random) -> str:
    """A variant of the text, or half of the time the text itself; `sentiment` decides which emoji may be added."""
    if chance.random() < 0.5:
        return text
    changes = [_speak_casually, _change_end, _drop_commas, _mistype, _drop_emoji]
    if sentiment in (0, 1):
        changes.append(_add_happy_sign if sentiment == 0 else _add_unhappy_sign)
    for change in chance.sample(changes, k=chance.choice((1, 1, 2))):
        text = change(text, chance) or text
    return text


def _speak_casually(text: str, chance: random.Random) -> str:
    for polite, casual in chance.sample(_COLLOQUIAL, k=len(_COLLOQUIAL)):
        if polite in text and chance.random() < 0.6:
            text = text.replace(polite, casual, 1)
    return re.sub(r"です(?=[。！!]?$)", "", text) if chance.random() < 0.3 else text


def _change_end(text: str, chance: random.Random) -> str:
    return _END.sub("", text) + chance.choice(_LOOSE_ENDS)


def _drop_commas(text: str, _: random.Random) -> str:
    return text.replace("、", "")


def _mistype(text: str, chance: random.Random) -> str:
    letters = list(text)
    if len(letters) < 6:
        return text
    for _ in range(1 + len(letters) // 40):
        at = chance.randrange(len(letters) - 1)
        if letters[at] in _KEPT or letters[at + 1] in _KEPT:
            continue
        slip = chance.random()
        if letters[at] in _SLIPS:
            letters[at] = _SLIPS[letters[at]]
        elif slip < 0.4:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif slip < 0.7:
            letters[at] = ""
        else:
            letters[at] *= 2
    return "".join(letters)


def _drop_emoji(text: str, _: random.Random) -> str:
    return _EMOJI.sub("", text)


def _add_happy_sign(text: str, chance: random.Random) -> str:
    return _END.sub("", text) + chance.choice(_CHEERFUL)


def _add_unhappy_sign(text: str, chance: random.Random) -> str:
    return _END.sub("", text) + chance.choice(_ANNOYED)
