/** A predicted probability and what came of it. */
export interface Prediction {
  readonly probability: number;
  readonly happened: boolean;
}

/** How good predictions were. */
export interface PredictionQuality {
  readonly cases: number;
  readonly happened: number;
  /** Probability that one that happened was rated above one that did not; 0.5 is chance. Undefined without both. */
  readonly auc?: number;
  /** How many times more often it happened in the tenth with the highest probabilities than in all. */
  readonly lift?: number;
  /** Mean squared error of the probabilities; smaller is better. */
  readonly brier: number;
  /** Expected calibration error in ten bins of equal size; smaller is better. */
  readonly calibrationError: number;
}

const bins = 10;

/**
 * Measures predictions.
 *
 * Sources: J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a ROC curve", Radiology 143 (1982), with
 * ties counted half; G. W. Brier, Monthly Weather Review 78 (1950); C. Guo et al., "On calibration of modern neural
 * networks", ICML (2017), with bins of equal size.
 */
export function measurePredictions(predictions: readonly Prediction[]): PredictionQuality {
  const ranked = [...predictions].sort((one, other) => other.probability - one.probability);
  const cases = ranked.length;
  const happened = countHappened(ranked);
  const auc = areaUnderCurve(ranked, happened);
  const top = ranked.slice(0, Math.max(1, Math.round(cases / 10)));
  return {
    cases,
    happened,
    ...(auc !== undefined && { auc }),
    ...(happened > 0 && { lift: countHappened(top) / top.length / (happened / cases) }),
    brier: mean(ranked.map(({ probability, happened: did }) => (probability - Number(did)) ** 2)),
    calibrationError: calibrationError(ranked),
  };
}

function areaUnderCurve(ranked: readonly Prediction[], happened: number): number | undefined {
  const others = ranked.length - happened;
  if (happened === 0 || others === 0) return undefined;
  let above = 0;
  let pairs = 0;
  for (let from = 0; from < ranked.length; ) {
    let to = from;
    while (to < ranked.length && ranked[to]?.probability === ranked[from]?.probability) to++;
    const tied = ranked.slice(from, to);
    const did = countHappened(tied);
    pairs += (tied.length - did) * (above + did / 2);
    above += did;
    from = to;
  }
  return pairs / (happened * others);
}

function calibrationError(ranked: readonly Prediction[]): number {
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const inBin = ranked.slice(
      Math.floor((bin * ranked.length) / bins),
      Math.floor(((bin + 1) * ranked.length) / bins),
    );
    if (inBin.length === 0) continue;
    const gap = mean(inBin.map(({ probability }) => probability)) - countHappened(inBin) / inBin.length;
    error += (inBin.length / ranked.length) * Math.abs(gap);
  }
  return error;
}

function countHappened(predictions: readonly Prediction[]): number {
  return predictions.filter(({ happened }) => happened).length;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
