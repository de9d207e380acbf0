import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache.ts';
import { runTool } from './tool.ts';

/** PEM files: an authority, another one that signed nothing, and a server's key and certificate for the loopback. */
export interface Certificates {
  readonly authority: string;
  readonly otherAuthority: string;
  /** Private key (PKCS #8) and certificate in one file, as Kafka's PEM key store wants them. */
  readonly server: string;
}

/** Makes the certificates once, with OpenSSL; they are for tests and valid for ten years. */
export async function prepareCertificates(): Promise<Certificates> {
  const folder = await makeOnce(join(cacheFolder(), 'certificates-1'), make);
  const file = (name: string) => join(folder, `${name}.pem`);
  return { authority: file('authority'), otherAuthority: file('other'), server: file('server') };
}

async function make(folder: string): Promise<void> {
  await mkdir(folder);
  const file = (name: string) => join(folder, `${name}.pem`);
  const request = (name: string, args: readonly string[]) => [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650'],
    ...['-subj', `/CN=koe test ${name}`, '-keyout', file(`${name}-key`), '-out', file(name), ...args],
  ];
  for (const name of ['authority', 'other']) await runTool('openssl', request(name, []));
  const signed = ['-CA', file('authority'), '-CAkey', file('authority-key')];
  const extensions = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'];
  await runTool('openssl', request('server', [...signed, ...extensions]));
  await writeFile(
    file('server'),
    `${await readFile(file('server-key'), 'utf8')}${await readFile(file('server'), 'utf8')}`,
  );
}
