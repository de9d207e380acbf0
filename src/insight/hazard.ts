/**
 * Probability that something happens within consecutive periods, from its hazard in each: 1 − Π(1 − h).
 *
 * Source: J. D. Singer, J. B. Willett, "It's about time: using discrete-time survival analysis…", Journal of
 * Educational Statistics 18 (1993).
 *
 * @param hazards probability in each period that it happens, given that it has not happened before
 */
export function cumulativeRisk(hazards: readonly number[]): number {
  return 1 - hazards.reduce((surviving, hazard) => surviving * (1 - hazard), 1);
}
