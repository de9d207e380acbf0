import { hourMs } from '../alerting/baseline.ts';
import { startOfDay } from '../alerting/calendar.ts';
import { rhythms } from '../alerting/firing.ts';
import { type IncidentMember, incidentsOf } from '../alerting/incidents.ts';
import { act, follow, opened } from '../alerting/life-cycle.ts';
import { type Detection, reconcile } from '../alerting/reconcile.ts';
import type { RuleFile } from '../alerting/rule-file.ts';
import { severityOf } from '../alerting/severity.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { AlertDocument } from '../store/alert-documents.ts';
import { readEvidence } from '../store/alert-evidence.ts';
import type { AlertClaim } from '../store/alert-progress.ts';
import { rulesOf } from '../store/alert-rules.ts';
import { alertIdOf, alertsSince, removeAlert, toDetection, writeAlert } from '../store/alerts.ts';
import type { Database } from '../store/database.ts';
import { type FindUsual, rememberUsual } from './alert-usual.ts';
import { evaluateRules } from './evaluate-rules.ts';

const minuteMs = 60_000;
const dayMs = 24 * hourMs;
const longestCoolDownMs = Math.max(...Object.values(rhythms).map(({ coolDownMs }) => coolDownMs));

/** How tenants are evaluated; milliseconds. */
export interface EvaluationSettings {
  readonly file: RuleFile;
  /** What is usual, remembered from one evaluation to the next; learnt anew for each when absent. */
  readonly findUsual?: FindUsual;
  readonly zoneOffsetMs: number;
  /** What is older is history: it is learnt from, and alerts nobody. */
  readonly horizonMs: number;
}

/**
 * Evaluates what is new about a tenant, and what it changes, up to the claim's watermark, and brings the stored alerts
 * in line: a function of what is stored, so that doing it again changes nothing.
 *
 * @param now milliseconds since 1970
 * @returns whether everything is in line; if not, others changed alerts meanwhile, and it has to be done again
 * @throws DependencyError; nothing is lost then, since the claim is not settled
 */
export async function evaluateTenant(
  database: Database,
  { tenant, changed, evaluated, through, newest }: AlertClaim,
  settings: EvaluationSettings,
  now: number,
): Promise<boolean> {
  const { zoneOffsetMs, horizonMs, file, findUsual = rememberUsual() } = settings;
  const rules = await rulesOf(database, tenant, file.rules);
  const horizon = Math.ceil((now - horizonMs) / minuteMs) * minuteMs;
  const next = evaluated === undefined ? Math.min(changed ?? newest, newest) : evaluated;
  const oldest = Math.min(next, changed ?? next);
  let from = Math.max(horizon, (Math.floor(oldest / minuteMs) + 1) * minuteMs);
  let isDone = true;
  // A day at a time: the incidents of one are left out of what is usual on the next.
  while (from <= through) {
    const day = { from, through: Math.min(through, startOfDay(from - 1, zoneOffsetMs) + dayMs) };
    const usual = await findUsual(database, tenant, day.from - 1, zoneOffsetMs);
    const firings = await evaluateRules(database, rules, { tenant, ...day, zoneOffsetMs }, usual);
    const stored = await alertsSince(database, tenant, day.from - longestCoolDownMs);
    const begun = stored.filter(({ beganAt }) => beganAt.getTime() <= day.through);
    const { detections, withdrawn } = reconcile(tenant, begun.map(toDetection), firings, day.from);
    const known = new Map(stored.map((alert) => [alert._id, alert]));
    for (const detection of detections) {
      const isWritten = await bring(database, tenant, detection, known, { rules, settings, through: day.through, now });
      isDone &&= isWritten;
    }
    for (const key of withdrawn) {
      const alert = known.get(key);
      if (alert === undefined || alert.status === 'withdrawn') continue;
      const isWritten = await withdraw(database, alert, now);
      isDone &&= isWritten;
    }
    from = day.through + minuteMs;
  }
  const isNamed = await nameIncidents(database, tenant, Math.max(horizon, Math.min(oldest, through) - dayMs));
  return isDone && isNamed;
}

interface Bringing {
  readonly rules: readonly AlertRule[];
  readonly settings: EvaluationSettings;
  readonly through: number;
  readonly now: number;
}

/** Writes what is detected over what is stored; not over what somebody changed meanwhile. */
async function bring(
  database: Database,
  tenant: string,
  { movedFrom, ...detection }: Detection & { readonly movedFrom?: string },
  known: ReadonlyMap<string, AlertDocument>,
  { rules, settings, through, now }: Bringing,
): Promise<boolean> {
  const { key, runs, kind, topic, rule, ...rest } = detection;
  const [stored, moved] = [known.get(key), movedFrom === undefined ? undefined : known.get(movedFrom)];
  const time = new Date(now).toISOString();
  const { quietMs, coolDownMs } = rhythms[kind];
  const course = { runs, through, quietMs, apartMs: Math.min(quietMs, Math.max(coolDownMs, minuteMs)) };
  const before =
    stored ?? (moved === undefined ? opened(time) : act(moved, { event: 'moved', by: 'koe', note: moved.id }, time));
  const handling = follow(before, course, time);
  const isSame =
    stored !== undefined &&
    handling === before &&
    JSON.stringify([stored.runs, stored.latest, stored.first]) ===
      JSON.stringify([runs, detection.latest, detection.first]);
  if (isSame) return true;
  const inForce = rules.find(({ id }) => id === rule);
  const evidence = await readEvidence(database, tenant, detection, inForce);
  const owner = inForce?.owner ?? (topic && settings.file.routing[topic]);
  const document = {
    ...handlingOf(handling),
    ...rest,
    _id: key,
    id: alertIdOf(key),
    tenant,
    rule,
    kind,
    ...(topic !== undefined && { topic }),
    runs,
    beganAt: new Date(runs[0]?.from ?? 0),
    firedAt: new Date(runs.at(-1)?.until ?? 0),
    evidence,
    severity: severityOf({
      kind,
      subject: detection.subject,
      latest: detection.latest,
      evidence,
      ...(topic !== undefined && { topic }),
    }),
    ...(owner !== undefined && { owner }),
    incident: stored?.incident ?? moved?.incident ?? alertIdOf(key),
    announced: stored?.announced ?? moved?.announced ?? 0,
  };
  const isWritten = await writeAlert(database, document, stored?.version);
  if (isWritten && moved !== undefined) await removeAlert(database, moved._id);
  return isWritten;
}

/** What of an alert is handling; the rest is detected anew. */
function handlingOf({
  status,
  snoozedUntil,
  reopened,
  acknowledgedAt,
  resolvedAt,
  secondsToAcknowledge,
  secondsToClose,
  settledThrough,
  history,
}: ReturnType<typeof opened>): ReturnType<typeof opened> {
  return {
    status,
    reopened,
    history,
    ...(snoozedUntil !== undefined && { snoozedUntil }),
    ...(acknowledgedAt !== undefined && { acknowledgedAt }),
    ...(resolvedAt !== undefined && { resolvedAt }),
    ...(secondsToAcknowledge !== undefined && { secondsToAcknowledge }),
    ...(secondsToClose !== undefined && { secondsToClose }),
    ...(settledThrough !== undefined && { settledThrough }),
  };
}

async function withdraw(database: Database, alert: AlertDocument, now: number): Promise<boolean> {
  const { snoozedUntil, ...rest } = alert;
  const what = { event: 'withdrawn', by: 'koe', note: 'late feedback explains it' } as const;
  return writeAlert(database, { ...rest, ...act(alert, what, new Date(now).toISOString()) }, alert.version);
}

/** Brings together the alerts of one cause. */
async function nameIncidents(database: Database, tenant: string, since: number): Promise<boolean> {
  let isDone = true;
  const alerts = (await alertsSince(database, tenant, since)).filter(({ status }) => status !== 'withdrawn');
  const incidents = incidentsOf(alerts.map(toMember));
  for (const alert of alerts) {
    const incident = alertIdOf(incidents.get(alert._id) ?? alert._id);
    if (incident === alert.incident) continue;
    const isWritten = await writeAlert(database, { ...alert, incident }, alert.version);
    isDone &&= isWritten;
  }
  return isDone;
}

function toMember({ _id, rule, topic, runs, evidence }: AlertDocument): IncidentMember {
  const segments = evidence.segments.map(({ term }) => term);
  return { key: _id, rule, ...(topic !== undefined && { topic }), runs, segments };
}
