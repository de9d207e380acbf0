import { runAnalysisProcess } from '../src/app/analysis-process.ts';

const [modelDir, labelsFile, triagePolicy] = process.argv.slice(2);
if (modelDir === undefined) throw new Error('workers/analysis is started by koe, with the folder of the model');
await runAnalysisProcess(process, modelDir, labelsFile || undefined, triagePolicy || undefined);
