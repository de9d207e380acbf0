/** Every reason for which a message becomes a dead letter, with the sentence a producer's engineer needs. */
export const rejectCodes = {
  KOE_NOT_UTF8: 'The value is not valid UTF-8. Encode the JSON as UTF-8 (Shift_JIS and UTF-16 are not accepted).',
  KOE_NOT_JSON: 'The value is not a JSON object. Send one JSON object per message.',
  KOE_CLOUDEVENT_INVALID: 'The CloudEvents envelope is broken: an attribute is missing, or it is not version 1.0.',
  KOE_SCHEMA_VERSION: 'The message declares a schema version newer than this koe reads. Update koe, then redrive.',
  KOE_FIELD_MISSING: 'A required field is missing; the detail names it.',
  KOE_FIELD_INVALID: 'A field has the wrong type or value; the detail names it.',
  KOE_CHANNEL_MISMATCH: 'The field `channel` is not the channel of the Kafka topic the message was sent to.',
  KOE_TOPIC_UNKNOWN: 'The message came from a Kafka topic that carries no feedback.',
  KOE_OCCURRED_AT_TOO_OLD: 'occurredAt is before the year 2000, which is almost always a unit or default-value fault.',
  KOE_OCCURRED_AT_IN_FUTURE: "occurredAt is more than a day ahead of koe's clock.",
  KOE_TEXT_EMPTY: 'The text is empty or only white space.',
  KOE_TEXT_TOO_LONG: 'The text is longer than KOE_MAX_TEXT_LENGTH.',
  KOE_MESSAGE_TOO_LARGE: 'The message is larger than KOE_MAX_MESSAGE_BYTES.',
  KOE_RECORD_TOO_LARGE:
    'The enriched record is larger than MongoDB or the topic of enriched records takes; the detail says which.',
  KOE_ANALYZER_DEFECT: 'An analyzer failed on this text: a defect of koe. Report it, update, then redrive.',
  KOE_ANALYZER_TIMEOUT: 'The text took more time or memory to analyse than one text may.',
} as const;

/** A code of the table of reject codes. */
export type RejectCode = keyof typeof rejectCodes;
