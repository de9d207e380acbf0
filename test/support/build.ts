import { execFileSync } from 'node:child_process';

/** End-to-end tests run what ships, so it is compiled first. */
export default function build(): void {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
}
