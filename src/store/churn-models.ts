import { type ChurnModel, ruleChurnModel } from '../insight/churn-model.ts';
import type { Database } from './database.ts';
import type { ChurnModelDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

/** A model and how it came about. */
export interface VersionedChurnModel {
  readonly model: ChurnModel;
  /** `rule`, or the number of the fitted model. */
  readonly version: 'rule' | number;
}

/** The model that scores a tenant's customers: the newest fitted one, or the rule score. */
export function readChurnModel(
  { churnModels }: Pick<Database, 'churnModels'>,
  tenant: string,
): Promise<VersionedChurnModel> {
  return withMongo(async () => {
    const newest = await churnModels.find({ tenant }).sort({ version: -1 }).limit(1).next();
    if (newest === null) return { model: ruleChurnModel, version: 'rule' };
    const { kind, intercept, weights, means, version } = newest;
    return { model: { kind, intercept, weights, means }, version };
  });
}

/**
 * Stores a fitted model as the newest version and returns its number.
 *
 * @throws DependencyError, also when somebody else stores one at the same time
 */
export function saveChurnModel(
  { churnModels }: Pick<Database, 'churnModels'>,
  model: Omit<ChurnModelDocument, '_id' | 'version'>,
): Promise<number> {
  return withMongo(async () => {
    const { tenant } = model;
    const newest = await churnModels.find({ tenant }).sort({ version: -1 }).limit(1).next();
    const version = (newest?.version ?? 0) + 1;
    await churnModels.insertOne({ ...model, _id: `${tenant}/${version}`, version });
    return version;
  });
}
