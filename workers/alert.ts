import { startAlertApp } from '../src/app/alert-app.ts';
import { runProcess } from '../src/app/process.ts';

// The alert worker: enriched records in, alerts out. Settings come from the environment.
await runProcess('koe-alert', process.env, startAlertApp);
