import { startEnrichApp } from '../src/app/enrich-app.ts';
import { runProcess } from '../src/app/process.ts';

// The enrich worker: raw feedback in, enriched records out. Settings come from the environment.
await runProcess('koe-enrich', process.env, startEnrichApp);
