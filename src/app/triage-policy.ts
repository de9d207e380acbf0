import { resolve } from 'node:path';
import { loadTriagePolicy } from '../analysis/load-assets.ts';
import type { TriagePolicy } from '../analysis/triage-policy.ts';
import { ConfigurationError, type Settings } from '../config/settings.ts';

/** The file of the company's own policy, if the settings name one. */
export function triagePolicyFile({ KOE_TRIAGE_POLICY: file }: Pick<Settings, 'KOE_TRIAGE_POLICY'>): string | undefined {
  return file === undefined ? undefined : resolve(file);
}

/**
 * Reads the triage policy that the settings describe.
 *
 * @throws ConfigurationError that names the file and each field that is wrong
 */
export function openTriagePolicy(settings: Pick<Settings, 'KOE_TRIAGE_POLICY'>): TriagePolicy {
  try {
    return loadTriagePolicy(triagePolicyFile(settings));
  } catch (cause) {
    throw new ConfigurationError(`KOE_TRIAGE_POLICY: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
