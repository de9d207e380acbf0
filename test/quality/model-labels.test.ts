import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { SentenceScorer, SentenceScores } from '../../src/analysis/sentence-scores.ts';
import type { IntentId, Sentiment, TopicId } from '../../src/domain/labels.ts';
import { openSentenceScorer } from '../../src/model/sentence-scorer.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';

// These tests do not measure the model (its card does): they notice labels that are wired to the wrong columns.

let scorer: SentenceScorer;

beforeAll(async () => {
  const opened = await openSentenceScorer(join(packageRoot(), 'models/encoder'));
  if (opened === undefined) throw new Error('the repository has no model');
  scorer = opened;
});

interface Expected {
  readonly text: string;
  readonly sentiment: Sentiment;
  readonly topic?: TopicId;
  readonly intent?: IntentId;
}

const obvious: readonly Expected[] = [
  { text: '料理がどれもおいしくて大満足でした', sentiment: 'positive', topic: 'taste', intent: 'praise' },
  { text: 'スープがぬるくて、麺ものびていてまずかった', sentiment: 'negative', topic: 'taste', intent: 'complaint' },
  { text: '店員さんがとても親切で感動しました', sentiment: 'positive', topic: 'staff', intent: 'praise' },
  { text: '店員の態度が最悪で、二度と行きません', sentiment: 'negative', topic: 'staff', intent: 'complaint' },
  { text: '注文した翌日に届いて驚きました、早い！', sentiment: 'positive', topic: 'delivery', intent: 'praise' },
  { text: '予定日を三日過ぎてもまだ荷物が届きません', sentiment: 'negative', topic: 'delivery', intent: 'complaint' },
  { text: 'この値段でこの内容なら本当にお得です', sentiment: 'positive', topic: 'price', intent: 'praise' },
  { text: '値段が高すぎる', sentiment: 'negative', topic: 'price', intent: 'complaint' },
  { text: '買って一週間で電源が入らなくなりました', sentiment: 'negative', topic: 'defect', intent: 'complaint' },
  { text: 'アプリが何度も落ちて使い物にならない', sentiment: 'negative', topic: 'defect', intent: 'complaint' },
  { text: '画面が見やすくて操作も簡単です', sentiment: 'positive', topic: 'usability', intent: 'praise' },
  { text: 'ボタンが小さくて押しにくいし、どこに何があるか分からない', sentiment: 'negative', topic: 'usability' },
  { text: '色も形もかわいくてお気に入りです', sentiment: 'positive', topic: 'design', intent: 'praise' },
  { text: '部屋が清潔で気持ちよく過ごせました', sentiment: 'positive', topic: 'cleanliness', intent: 'praise' },
  { text: '浴室に髪の毛が落ちていて不潔でした', sentiment: 'negative', topic: 'cleanliness', intent: 'complaint' },
  { text: '駅から歩いて二分でとても便利な場所です', sentiment: 'positive', topic: 'location', intent: 'praise' },
  { text: 'レジで三十分も待たされました', sentiment: 'negative', topic: 'waiting', intent: 'complaint' },
  { text: '電話が全然つながらなくて困っています', sentiment: 'negative', topic: 'support' },
  { text: 'サポートの方が丁寧に教えてくれて助かりました', sentiment: 'positive', topic: 'support', intent: 'praise' },
  { text: '身に覚えのない請求が来ています', sentiment: 'negative', topic: 'billing' },
  { text: 'パスワードを忘れてログインできません', sentiment: 'negative', topic: 'account' },
  { text: '返品はどうすればいいですか', sentiment: 'neutral', topic: 'return', intent: 'question' },
  { text: '予約の人数を変更できますか', sentiment: 'neutral', topic: 'reservation', intent: 'question' },
  { text: '営業時間は何時までですか', sentiment: 'neutral', topic: 'information', intent: 'question' },
  { text: '送料はいくらですか', sentiment: 'neutral', intent: 'question' },
  { text: '契約の更新はいつですか', sentiment: 'neutral', topic: 'contract', intent: 'question' },
  { text: 'このシャツの在庫はありますか', sentiment: 'neutral', topic: 'assortment', intent: 'question' },
  { text: '特にありません', sentiment: 'neutral' },
  { text: 'よろしくお願いします', sentiment: 'neutral' },
  { text: '注文番号は20488です', sentiment: 'neutral' },
  { text: '解約したいのですが手続きを教えてください', sentiment: 'neutral', topic: 'contract', intent: 'cancel' },
  { text: 'もう解約します、うんざりです', sentiment: 'negative', intent: 'cancel' },
  { text: 'さっきの注文をキャンセルしてください', sentiment: 'neutral', intent: 'cancel-order' },
  { text: 'デザインは素敵だけど、すぐ壊れたのが残念', sentiment: 'mixed', topic: 'design' },
  { text: '味は最高なのに、接客がひどい', sentiment: 'mixed', topic: 'taste' },
  { text: '部屋は広くて良かったが、朝食がまずかった', sentiment: 'mixed' },
  { text: '最高でした！また来ます', sentiment: 'positive', topic: 'overall', intent: 'praise' },
  { text: '期待外れでがっかりしました', sentiment: 'negative', topic: 'overall', intent: 'complaint' },
  { text: '迅速な対応ありがとうございました', sentiment: 'positive', intent: 'praise' },
  { text: '品ぞろえが豊富で選ぶのが楽しい', sentiment: 'positive', topic: 'assortment', intent: 'praise' },
];

test('labels of obvious sentences are right', async () => {
  const scores = await scorer.score(obvious.map(({ text }) => text));
  const verdicts = obvious.flatMap(({ text, sentiment, topic, intent }, index) => {
    const score = scores[index];
    return [
      { kind: 'sentiment', text, right: strongest(score?.sentiment) === sentiment },
      ...(topic === undefined ? [] : [{ kind: 'topic', text, right: (score?.topics?.[topic] ?? 0) > 0.5 }]),
      ...(intent === undefined ? [] : [{ kind: 'intent', text, right: (score?.intents?.[intent] ?? 0) > 0.5 }]),
    ];
  });
  for (const kind of ['sentiment', 'topic', 'intent']) {
    const all = verdicts.filter((verdict) => verdict.kind === kind);
    const wrong = all.filter(({ right }) => !right).map(({ text }) => text);
    expect(1 - wrong.length / all.length, `${kind}: ${wrong.join(' / ')}`).toBeGreaterThanOrEqual(0.8);
  }
});

test('the polarity of a topic is read from its own columns', async () => {
  const [praise, blame] = await scorer.score([
    '店員さんがとても親切で最高に楽しかった！',
    '店員の態度がひどい、ふざけるな',
  ]);
  expect([strongest(praise?.polarities?.staff), strongest(blame?.polarities?.staff)]).toEqual(['positive', 'negative']);
});

test('emotions are read from their own columns', async () => {
  const emotions = await scorer.score([
    '本当にありがとうございました',
    '買えて嬉しい！最高',
    '期待していただけに残念です',
    'どこを押せばいいのか分からなくて混乱しています',
    '注文番号は20488です',
  ]);
  const expected = ['gratitude', 'joy', 'disappointment', 'confusion', 'none'];
  expect(emotions.map(({ emotion }) => strongest(emotion))).toEqual(expected);
});

const annotated = join(packageRoot(), '../shared/data');

test.runIf(existsSync(annotated))('sentiment of annotated sentences is right four times in five', async () => {
  const names = { p: 'positive', n: 'negative', '0': 'neutral', m: 'mixed' };
  const rows: { sentiment: Sentiment; text: string }[] = [];
  for (const folder of ['authored', 'quasi']) {
    for (const file of await readdir(join(annotated, folder))) {
      const lines = (await readFile(join(annotated, folder, file), 'utf8')).trim().split('\n');
      for (const line of lines.filter((_, index) => index % 20 === 0)) {
        const [, label = '', , , , , text = ''] = line.split('\t');
        rows.push({ sentiment: names[label as keyof typeof names] as Sentiment, text });
      }
    }
  }
  const scores = await scorer.score(rows.map(({ text }) => text));
  const right = rows.filter(({ sentiment }, index) => strongest(scores[index]?.sentiment) === sentiment);
  expect(rows.length).toBeGreaterThan(300);
  expect(right.length / rows.length).toBeGreaterThanOrEqual(0.8);
});

function strongest(probabilities: SentenceScores['sentiment' | 'emotion'] | Record<string, number> | undefined) {
  return Object.entries(probabilities ?? {}).sort(([, a], [, b]) => b - a)[0]?.[0];
}
