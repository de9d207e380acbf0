import type { Service } from '../support/services/service.ts';
import type { ChaosServer } from './server.ts';

/** A real server as the chaos suite handles it. */
export function realServer(service: Service): ChaosServer {
  return {
    name: service.name,
    port: Number(/127\.0\.0\.1:(\d+)/.exec(service.address)?.[1]),
    signal: (signal) => void service.kill(signal),
    kill: () => service.kill('SIGKILL'),
    start: () => service.start(),
    stop: () => service.stop(),
  };
}
