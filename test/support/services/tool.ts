import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What the tools of this folder come from, to be named when one of them is missing. */
const packages: Readonly<Record<string, string>> = {
  java: 'Java 17 or newer',
  mvn: 'Maven',
  python3: 'Python 3.10 or newer with pip',
  openssl: 'OpenSSL 3',
};

/**
 * Runs a tool to its end and resolves with what it wrote.
 *
 * @throws Error with a sentence that says what to install when the tool is not there, and with its output when it fails
 */
export async function runTool(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`Real servers need ${packages[command] ?? command}: there is no command "${command}".`);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output.slice(-2000)}`);
  return output;
}
