/** Where feedback comes from. */
export const channels = ['chat', 'review', 'survey'] as const;
export type Channel = (typeof channels)[number];

/** Sentiment of a sentence or of a whole text; `mixed` is both positive and negative. */
export const sentiments = ['positive', 'negative', 'neutral', 'mixed'] as const;
export type Sentiment = (typeof sentiments)[number];

/** How a topic is spoken of: praised, criticised, or mentioned without judgement. */
export const polarities = ['positive', 'negative', 'neutral'] as const;
export type Polarity = (typeof polarities)[number];

/** What feedback can be about: the 26 topics of the annotation guide, most concrete first, `overall` last. */
export const topicIds = [
  'quality',
  'defect',
  'usability',
  'design',
  'feature',
  'assortment',
  'taste',
  'price',
  'billing',
  'delivery',
  'staff',
  'support',
  'waiting',
  'information',
  'account',
  'contract',
  'return',
  'reservation',
  'loyalty',
  'facility',
  'cleanliness',
  'location',
  'environment',
  'safety',
  'privacy',
  'overall',
] as const;
export type TopicId = (typeof topicIds)[number];

/** What the customer wants to do by saying it. */
export const intentIds = [
  'complaint',
  'request',
  'question',
  'praise',
  'cancel',
  'cancel-order',
  'suggestion',
] as const;
export type IntentId = (typeof intentIds)[number];

/** The strongest emotion expressed. */
export const emotionIds = ['anger', 'disappointment', 'anxiety', 'confusion', 'joy', 'gratitude'] as const;
export type EmotionId = (typeof emotionIds)[number];

/** What a reader should be warned of: the flags of the annotation guide, which a model can learn. */
export const flagIds = ['effort', 'sarcasm', 'abuse', 'competitor', 'spam', 'safety'] as const;
export type FlagId = (typeof flagIds)[number];

/**
 * Flags that rules raise besides: words of law and of personal data, customer harassment (カスハラ), haste, leaving that
 * is in the air, and a rating that contradicts its text.
 */
export const ruleFlagIds = ['legal', 'privacy', 'harassment', 'urgency', 'cancel-signal', 'rating-mismatch'] as const;
