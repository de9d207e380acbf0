import { type Command, InvalidArgumentError, Option } from 'commander';
import { distance } from 'fastest-levenshtein';
import { type Channel, channels, type TopicId, topicIds } from '../domain/labels.ts';
import type { FeedbackFilter } from '../store/feedback-filter.ts';
import { attribute } from './arguments.ts';
import { type PeriodOptions, parsePeriod, usualZone } from './period.ts';

/** Options of every question about the feedback of a period. */
export interface FeedbackOptions extends PeriodOptions {
  readonly tenant: string;
  readonly channel?: Channel;
  readonly attribute: Readonly<Record<string, string>>;
  readonly json: boolean;
}

/** Adds the options of {@link FeedbackOptions}. */
export function askingFeedback(command: Command, since = '7d'): Command {
  return periodOptions(command.requiredOption('--tenant <name>', 'whose feedback'), since)
    .addOption(new Option('--channel <name>', 'only this channel').argParser(oneOf('channel', channels)))
    .option('--attribute <name=value>', 'only with this attribute; may be repeated', attribute, {})
    .option('--json', 'print JSON', false);
}

/** Adds the options of {@link PeriodOptions}. */
export function periodOptions(command: Command, since: string): Command {
  return command
    .option('--since <time>', 'start: an age (24h, 7d, 2w), a date, or an RFC 3339 time', since)
    .option('--until <time>', 'end, likewise, itself excluded; now when absent')
    .option('--tz <zone>', 'time zone of dates and of the times shown', usualZone);
}

/** The filter that options describe. @throws UsageError that names the option */
export function feedbackFilter(options: FeedbackOptions, now = Date.now()): FeedbackFilter {
  const { tenant, channel, attribute: attributes } = options;
  return { tenant, channel, attributes, ...parsePeriod(options, now) };
}

/** Parses the id of a topic; an unknown one is told with the one that was probably meant. */
export const topicArgument: (text: string) => TopicId = oneOf('topic', topicIds);

/** Parses one of some words; an unknown one is told with the one that was probably meant. */
export function oneOf<T extends string>(what: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const nearest = [...words].sort((one, other) => distance(text, one) - distance(text, other))[0];
    const guess = nearest !== undefined && distance(text, nearest) <= 3 ? ` Did you mean ${nearest}?` : '';
    throw new InvalidArgumentError(`There is no ${what} ${text}.${guess} There are: ${words.join(', ')}.`);
  };
}
