import { loadTaxonomy } from '../analysis/load-assets.ts';

/** Languages in which koe tells what it found. */
export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];

/** Names of the taxonomy's topics in a language; an id that has none stands for itself. */
export function topicNames(language: Language): (topic: string) => string {
  const names = new Map<string, string>(loadTaxonomy().topics.map(({ id, names }) => [id, names[language]]));
  return (topic) => names.get(topic) ?? topic;
}
