const hiragana =
  'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんがざだばぱゃゅょっー';
const katakana =
  'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガザダバパャュョッー';
const halfWidth = 'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟｯｰ';
const kanji =
  '日一国会人年大本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和';
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const emoji = ['👍🏻', '😭', '👨‍👩‍👧', '🇯🇵', '✨', '♡', '1️⃣'];

/** Pieces of which texts are made that nobody writes but anybody may send: each list is one kind of text. */
export const hostileKinds: Readonly<Record<string, readonly string[]>> = {
  hiragana: [...hiragana],
  katakana: [...katakana],
  'half-width kana': [...halfWidth],
  kanji: [...kanji],
  emoji,
  mixed: [...hiragana, ...katakana, ...kanji, ...letters, ...halfWidth, ...emoji, ...'!?。、「」()@./:- \n'],
  'one kana': ['あ'],
  'one letter': ['w'],
  'one kanji': ['漢'],
  'one digit': ['7'],
  'one accent': ['\u0301'],
  'one space': [' '],
  'full stops': ['。'],
  lines: ['。\n'],
  digits: [...'0123456789'],
  'digits and dashes': [...'0123456789-- ()'],
  telephones: ['090-1234-5678 '],
  cards: ['4111 1111 1111 1111'],
  'mail addresses': ['a.b-c@example.com'],
  'signs of mail addresses': [...'abc.@-_%+'],
  brackets: [...'「」『』()（）【】'],
  'brackets that open': ['「'],
  URLs: ['https://example.com/?a=1&token=abcdef0123456789 '],
  'one URL': ['https://example.com/?', ...Array<string>(200).fill('a=1&')],
  names: ['山田太郎様'],
  addresses: ['東京都千代田区丸の内1-1-1'],
  particles: [...'はがをにのともでへや、'],
  'negations and joints': ['ない', 'なく', 'て', 'も', 'は', 'です', 'けど', 'が', 'か', 'と', '思う', '良い', '悪い'],
  'words of leaving': [
    '解約',
    'キャンセル',
    '予約',
    'を',
    'し',
    'たい',
    'ない',
    'もう',
    '二度と',
    '使わ',
    '他社',
    '変更',
  ],
  judgements: ['良い', '悪い', '高い', '部屋', '対応', 'が', 'の', 'は', 'て', 'くて', 'な', 'さん'],
};

/** A text of `length` UTF-16 units made of a kind's pieces, the same one every time; it may end within a piece. */
export function hostileText(kind: string, length: number): string {
  const pieces = hostileKinds[kind] ?? [];
  let text = '';
  let state = 1;
  while (text.length < length) {
    // Numbers of a linear congruential generator (Park and Miller 1988).
    state = (state * 48_271) % 0x7fffffff;
    text += pieces[state % pieces.length] ?? '';
  }
  return text.slice(0, length);
}
