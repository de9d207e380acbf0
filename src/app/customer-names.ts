import { ConfigurationError, type Settings } from '../config/settings.ts';
import { createPseudonymKeys, type Pseudonymizer, type PseudonymKeys } from '../pipeline/pseudonym.ts';

/** Customers' names on embedded servers, whose data never leaves the machine. */
const developmentKey = 'koe development key';

/**
 * How customers are named: by keyed pseudonyms, or by their identifiers where KOE_CUSTOMER_ID says so.
 *
 * @throws ConfigurationError when pseudonyms would leave the machine under the fixed key of development
 */
export function customerNames(settings: Settings): Pseudonymizer {
  if (settings.KOE_CUSTOMER_ID === 'clear') return (_tenant, customerId) => customerId;
  return pseudonymKeys(settings).pseudonymize;
}

/**
 * The keys of customer pseudonyms: configured, or a fixed one while koe runs on its embedded servers.
 *
 * @throws ConfigurationError when pseudonyms would leave the machine under the fixed key of development
 */
export function pseudonymKeys(settings: Settings): PseudonymKeys {
  if (settings.KOE_PSEUDONYM_KEY === undefined && settings.KAFKA_BROKERS !== undefined) {
    throw new ConfigurationError(
      'KOE_PSEUDONYM_KEY: required with KAFKA_BROKERS, where enriched records are published',
    );
  }
  const earlier = settings.KOE_PSEUDONYM_EARLIER_KEYS ?? [];
  return createPseudonymKeys([...earlier, settings.KOE_PSEUDONYM_KEY ?? developmentKey]);
}
