import { hostname, userInfo } from 'node:os';

/** Who runs this command, as `user@host`. */
export function operator(): string {
  return `${userName()}@${hostname()}`;
}

/** A container's user often has a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
