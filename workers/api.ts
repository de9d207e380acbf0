import { startApiApp } from '../src/app/api-app.ts';
import { runProcess } from '../src/app/process.ts';

// The HTTP API: feedback in, insight out. Settings come from the environment.
await runProcess('koe-api', process.env, startApiApp);
