import { appVersions, flavours, products, type Region, stores } from './catalogue.ts';
import type { Dice } from './dice.ts';

/** What the phrases of one text have in common. */
export interface Scene {
  readonly region: Region;
  readonly product: (typeof products)[number];
  readonly store: string;
}

/** A scene in a region: one of its shops, any product. */
export function sceneIn(region: Region, dice: Dice): Scene {
  const near = stores.filter(([where]) => where === region).map(([, name]) => name);
  return { region, product: dice.pick(products), store: dice.pick(near) };
}

/**
 * A phrase with its slots filled.
 *
 * @throws Error for a slot that is not known
 */
export function fillIn(words: string, { region, product, store }: Scene, dice: Dice): string {
  const filled: Record<string, () => string | number> = {
    product: () => product[1],
    store: () => store,
    region: () => region,
    flavor: () => dice.pick(flavours),
    color: () => dice.pick(['白', '黒', '水色', '生成り', '若草色', '藤色', 'からし色', '桜色']),
    days: () => dice.whole(2, 9),
    weeks: () => dice.whole(2, 6),
    years: () => dice.whole(2, 9),
    minutes: () => 5 * dice.whole(3, 11),
    evening: () => dice.whole(6, 10),
    count: () => dice.whole(2, 5),
    yen: () => (10 * dice.whole(30, 280)).toLocaleString('en'),
    error: () => `E${dice.whole(10, 49)}`,
    number: () => dice.whole(30, 99),
    version: () => appVersions.broken,
  };
  return words.replaceAll(/\{(\w{1,20})\}/g, (slot, name: string) => {
    const fill = filled[name];
    if (fill === undefined) throw new Error(`no slot ${slot}`);
    return String(fill());
  });
}

/** Sentences as one text, punctuated as people do: mostly well. */
export function written(sentences: readonly string[], mood: '+' | '-' | '0', dice: Dice): string {
  const text = sentences.join(dice.chance(0.06) ? '\n' : '');
  const habit = dice.next();
  if (habit < 0.08) return text.replace(/。$/, '');
  if (habit < 0.14) return text.replace(/。$/, mood === '0' ? '。' : '！');
  if (mood === '+' && habit < 0.18) return text.replace(/。$/, '♪');
  if (mood === '-' && habit < 0.17) return text.replace(/。$/, '…');
  return text;
}
