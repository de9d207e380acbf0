/** What the holder of an API key may do: read aggregates and records; also send feedback; also manage. */
export const apiRoles = ['reader', 'analyst', 'admin'] as const;
export type ApiRole = (typeof apiRoles)[number];

/** Whose data a request may touch, and how far. */
export interface ApiAccess {
  readonly keyId: string;
  readonly tenant: string;
  readonly role: ApiRole;
  /** What or whom the key is for, as whoever made it wrote it down. */
  readonly name: string;
}

/** Whether a role may do what another one is asked for. */
export function includesRole(held: ApiRole, wanted: ApiRole): boolean {
  return apiRoles.indexOf(held) >= apiRoles.indexOf(wanted);
}
