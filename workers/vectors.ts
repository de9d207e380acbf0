import { runVectorProcess } from '../src/app/vector-process.ts';

const [modelDir] = process.argv.slice(2);
if (modelDir === undefined) throw new Error('workers/vectors is started by koe, with the folder of the model');
await runVectorProcess(process, modelDir);
