import type { AlertChange, HistoryEntry } from '../domain/alert.ts';
import type { AlertDocument } from './alert-documents.ts';
import { toAlert } from './alerts.ts';

/** A change of an alert, and the entry of its history that it tells. */
export interface ToldChange {
  readonly change: AlertChange;
  readonly entry: HistoryEntry;
}

/** Changes of an alert that are not announced yet, oldest first, under ids that stay the same. */
export function unannouncedChanges(document: AlertDocument): ToldChange[] {
  const data = toAlert(document);
  return document.history.slice(document.announced).map((entry) => {
    const change = {
      id: `${data.id}.${entry.sequence}`,
      type: `alert.${entry.event}` as const,
      timestamp: entry.at,
      data,
    };
    return { change, entry };
  });
}
