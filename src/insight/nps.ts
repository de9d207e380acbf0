/** How the answers to a recommendation question fall, on its scale of 0 to 10. */
export interface Recommendations {
  /** Answers of 9 and 10. */
  readonly promoters: number;
  /** Answers of 7 and 8. */
  readonly passives: number;
  /** Answers of 0 to 6. */
  readonly detractors: number;
}

/** Net promoter score of a group, in points from -100 to 100. */
export interface NetPromoterScore extends Recommendations {
  readonly answers: number;
  readonly score: number;
  /** Standard error in points. */
  readonly standardError: number;
  /** 95 % interval in points, within the scale. */
  readonly interval: readonly [low: number, high: number];
}

const z = 1.959964;

/** Which of the three an answer of 0 to 10 is. */
export function recommendationOf(answer: number): keyof Recommendations {
  return answer >= 9 ? 'promoters' : answer >= 7 ? 'passives' : 'detractors';
}

/**
 * Net promoter score with its standard error, 100 · √((p + d − (p − d)²) / n).
 *
 * @returns undefined without answers
 *
 * Sources: F. F. Reichheld, "The one number you need to grow", HBR 81 (2003); the error is that of the mean of
 * answers counted as 1, 0 and -1.
 */
export function netPromoterScore({ promoters, passives, detractors }: Recommendations): NetPromoterScore | undefined {
  const answers = promoters + passives + detractors;
  if (answers === 0) return undefined;
  const [promoting, detracting] = [promoters / answers, detractors / answers];
  const score = 100 * (promoting - detracting);
  const standardError = 100 * Math.sqrt((promoting + detracting - (promoting - detracting) ** 2) / answers);
  const interval = [Math.max(-100, score - z * standardError), Math.min(100, score + z * standardError)] as const;
  return { promoters, passives, detractors, answers, score, standardError, interval };
}
