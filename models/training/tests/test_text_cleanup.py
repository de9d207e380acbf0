"""The clean-up agrees with `src/model/text-cleanup.ts`."""

import json
import subprocess
from pathlib import Path

from koe_training.text_cleanup import create_text_cleanup

ROOT = Path(__file__).resolve().parents[3]
ENCODER = ROOT / "models" / "encoder"
TEXTS = [
    "ｱﾌﾟﾘが落ちます😢😢", "すご〜〜〜い！！！！！", "ＷＷＷｗｗｗ wwww", "①㈱　㌔", "(´；ω；`) m(_ _)m ＾＾；", "<s>です</s><pad>", "👍🏻👨‍👩‍👧 ❤️",
    "  空白\u3000だらけ\n\t ", "10000000円", "ーーーーー", "\u200b見えない\ufeff字", "か\u3099ぎ", "http://www.example.jp/www", "", "。", "\u001c区切り\u0085行",
]


def test_the_same_texts_as_typescript() -> None:
    script = (
        "import { readFileSync } from 'node:fs';"
        "import { createTextCleanup } from './src/model/text-cleanup.ts';"
        "const clean = createTextCleanup(JSON.parse(readFileSync('models/encoder/textnorm.json', 'utf8')));"
        "console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(clean)));"
    )
    command = ["npx", "tsx", "--input-type=module", "--eval", script]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(TEXTS), capture_output=True, text=True, check=True)
    clean = create_text_cleanup(ENCODER / "textnorm.json")
    assert [clean(text) for text in TEXTS] == json.loads(done.stdout)
