/** The label with the highest probability; of equal ones the first. */
export function mostProbable<Id extends string>(
  ids: readonly [Id, ...Id[]],
  probabilities: Readonly<Record<Id, number>>,
): Id {
  return ids.reduce((best, id) => (probabilities[id] > probabilities[best] ? id : best));
}
