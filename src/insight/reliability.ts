/** A statement with the probability it came with, and whether it was right. */
export interface Statement {
  readonly confidence: number;
  readonly right: boolean;
}

/** Statements of about the same confidence. */
export interface ReliabilityBin {
  /** Lower end; the upper end is that of the next bin. */
  readonly from: number;
  readonly count: number;
  readonly meanConfidence: number;
  /** Share that was right. */
  readonly accuracy: number;
}

/** Sorts statements into bins of equal width; empty bins are left out. */
export function reliabilityOf(statements: readonly Statement[], bins = 10): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const { confidence, right } of statements) {
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))];
    if (bin === undefined) continue;
    bin.count++;
    bin.confidence += confidence;
    if (right) bin.right++;
  }
  return sums.flatMap(({ count, confidence, right }, index) =>
    count === 0 ? [] : [{ from: index / bins, count, meanConfidence: confidence / count, accuracy: right / count }],
  );
}

/**
 * Expected calibration error: how far confidence and accuracy are apart in the mean over statements, 0 to 1 (Guo et al.
 * 2017, "On Calibration of Modern Neural Networks"). NaN without statements.
 */
export function calibrationErrorOf(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return (
    bins.reduce(
      (sum, { count, meanConfidence, accuracy }) => sum + (count / total) * Math.abs(meanConfidence - accuracy),
      0,
    ) / (total === 0 ? Number.NaN : 1)
  );
}
