import { InvalidArgumentError } from 'commander';
import type { LetterPlace } from '../kafka/dead-letter-reader.ts';

/** A whole number above 0. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

/** A TCP port, 0 for any free one. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return number;
}

/** One more `name=value` beside those given before. */
export function attribute(text: string, previous: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9_-]{0,63})=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be name=value.');
  if (Object.hasOwn(previous, name))
    throw new InvalidArgumentError(`${name} is given twice; one value can be asked for.`);
  return { ...previous, [name]: value };
}

/** The name of an attribute. */
export function attributeName(text: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text))
    throw new InvalidArgumentError('It must be the name of an attribute.');
  return text;
}

/** A dead letter by its place: `PARTITION:OFFSET`, or `TOPIC/PARTITION/OFFSET`. */
export function letterPlace(text: string): LetterPlace {
  const [, partition, offset] = /^(?:.*\/)?(\d{1,9})[:/](\d{1,18})$/.exec(text) ?? [];
  if (partition === undefined || offset === undefined) throw new InvalidArgumentError('It must be PARTITION:OFFSET.');
  return { partition: Number(partition), offset: BigInt(offset) };
}

/** One more place beside those given before. */
export function letterPlaces(text: string, previous: readonly LetterPlace[] = []): readonly LetterPlace[] {
  return [...previous, letterPlace(text)];
}
