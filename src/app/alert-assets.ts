import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRuleFile, type RuleFile } from '../alerting/rule-file.ts';
import { ConfigurationError, type Settings } from '../config/settings.ts';
import { type AlertChannel, alertChannelsSchema } from '../domain/alert-channel.ts';
import { packageRoot } from '../runtime/package-root.ts';

/** Reads koe's own rules; throws an Error that names the rule and the field. */
export async function loadAlertRules(): Promise<RuleFile> {
  return parseRuleFile(JSON.parse(await readFile(join(packageRoot(), 'models/alerts/rules.json'), 'utf8')));
}

/**
 * Reads the file of channels that the settings name; none without it.
 *
 * @throws ConfigurationError naming every field that is wrong
 */
export async function loadAlertChannels({ KOE_ALERT_CHANNELS: file }: Settings): Promise<readonly AlertChannel[]> {
  if (file === undefined) return [];
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'not JSON' : 'it cannot be read';
    throw new ConfigurationError(`KOE_ALERT_CHANNELS: ${file}: ${why}`, { cause });
  }
  const parsed = alertChannelsSchema.safeParse(json);
  if (parsed.success) return parsed.data.channels;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new ConfigurationError(`KOE_ALERT_CHANNELS: ${faults.join('; ')}`);
}
