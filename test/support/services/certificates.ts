import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache.ts';
import { runTool } from './tool.ts';

/** PEM files: an authority, another one that signed nothing, and keys with certificates of the first one. */
export interface Certificates {
  readonly authority: string;
  readonly otherAuthority: string;
  /** For 127.0.0.1; private key (PKCS #8) and certificate in one file, as Kafka's PEM key store wants them. */
  readonly server: string;
  /** Likewise, and no longer valid. */
  readonly expiredServer: string;
  /** Of a client, likewise. */
  readonly client: string;
}

/** Makes the certificates once, with OpenSSL; they are for tests and valid for ten years. */
export async function prepareCertificates(): Promise<Certificates> {
  const folder = await makeOnce(join(cacheFolder(), 'certificates-2'), make);
  const file = (name: string) => join(folder, `${name}.pem`);
  return {
    authority: file('authority'),
    otherAuthority: file('other'),
    server: file('server'),
    expiredServer: file('expired'),
    client: file('client'),
  };
}

async function make(folder: string): Promise<void> {
  await mkdir(folder);
  const file = (name: string) => join(folder, `${name}.pem`);
  const request = (name: string, args: readonly string[]) => [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650'],
    ...['-subj', `/CN=koe test ${name}`, '-keyout', file(`${name}-key`), '-out', file(name), ...args],
  ];
  for (const name of ['authority', 'other']) await runTool('openssl', request(name, []));
  const signed = [
    '-CA',
    file('authority'),
    '-CAkey',
    file('authority-key'),
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  await runTool('openssl', request('server', [...signed, ...names]));
  await runTool('openssl', request('client', signed));
  // `req` takes no end before the beginning, `x509` does.
  const wish = ['-key', file('server-key'), '-subj', '/CN=koe test expired', ...names, '-out', file('wish')];
  await runTool('openssl', ['req', '-new', ...wish]);
  const signing = ['-in', file('wish'), '-copy_extensions', 'copy', ...signed.slice(0, 4), '-set_serial', '1'];
  await runTool('openssl', ['x509', '-req', ...signing, '-days', '-1', '-out', file('expired')]);
  for (const [name, key] of Object.entries({ server: 'server', expired: 'server', client: 'client' })) {
    await writeFile(file(name), `${await readFile(file(`${key}-key`), 'utf8')}${await readFile(file(name), 'utf8')}`);
  }
}
