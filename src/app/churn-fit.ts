import { fewestDepartures, fitChurnModel, personPeriods } from '../insight/churn-model.ts';
import { saveChurnModel } from '../store/churn-models.ts';
import type { Database } from '../store/database.ts';
import { readAllTimelines } from '../store/timelines.ts';

/** What came of fitting: `version` is absent where there are too few departures to learn from. */
export interface ChurnFitReport {
  readonly periods: number;
  readonly departures: number;
  readonly fewestDepartures: number;
  readonly version?: number;
}

/**
 * Learns a churn model from a tenant's cancellations before a time and stores it as the newest version, which scores
 * customers from then on. With fewer than twenty departures nothing is stored, and the rule score stays.
 *
 * @throws DependencyError
 */
export async function fitChurn(database: Database, tenant: string, until: Date): Promise<ChurnFitReport> {
  const rows = personPeriods(await readAllTimelines(database, tenant), until.getTime());
  const departures = rows.filter(({ left }) => left).length;
  const facts = { periods: rows.length, departures, fewestDepartures };
  const model = fitChurnModel(rows);
  if (model === undefined) return facts;
  const fittedAt = await database.now();
  const { periods } = facts;
  const version = await saveChurnModel(database, { ...model, tenant, fittedAt, until, periods, departures });
  return { ...facts, version };
}
