"""The ids that Python makes of texts: a JSON array of strings on standard input, `[{text, ids}]` on standard output.

Run with the requirements of models/training, from the root of the repository:
npx tsx test/support/token-ids/strings.ts | PYTHONPATH=models/training python test/support/token-ids/ids.py
"""

import json
import sys
from pathlib import Path

from koe_training.text_cleanup import create_text_cleanup
from tokenizers import Tokenizer

LONGEST = 128
END = 2
MODEL = Path("models/encoder")

cleanup = create_text_cleanup(MODEL / "textnorm.json")
tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
texts = json.load(sys.stdin)
rows = []
for text, encoding in zip(texts, tokenizer.encode_batch([cleanup(text) for text in texts])):
    ids = encoding.ids if len(encoding.ids) <= LONGEST else [*encoding.ids[: LONGEST - 1], END]
    rows.append({"text": text, "ids": ids})
print("[")
print(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows))
print("]")
