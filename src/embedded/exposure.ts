import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Thrown when a server that asks nobody for a password would be reachable from other machines. */
export class ExposedAddressError extends Error {
  override readonly name = 'ExposedAddressError';
}

/** Whether only this machine reaches an address; a name other than `localhost` may mean any address. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Embedded servers have no authentication, so they serve this machine only, unless that is asked for.
 *
 * @throws ExposedAddressError for an address that other machines reach, without `exposed`
 */
export function requireLoopback(host: string, exposed: boolean): void {
  if (exposed || isLoopback(host)) return;
  throw new ExposedAddressError(
    `other machines reach ${host}, and an embedded server asks nobody for a password: use 127.0.0.1`,
  );
}
