/** The layers of koe as rules; docs/architecture.md explains them. */
const home = (library, folder) => ({
  name: `${library.replaceAll(/[^a-z]/g, '')}-has-one-home`,
  comment: `${library} is used only in ${folder}`,
  severity: 'error',
  from: { pathNot: [`^${folder}`] },
  to: { path: `^node_modules/${library}/` },
});
const layer = (folder, allowed) => ({
  name: `${folder.replaceAll('/', '-')}-knows-only-its-layers`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
});
const pure = ['domain', 'text', 'analysis', 'insight', 'alerting', 'world'];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$'] }, to: {} },
    home('kafkajs', 'src/kafka'),
    home('mongodb', 'src/store'),
    home('kuromoji', 'src/text'),
    home('@xenova/transformers', 'src/model'),
    home('onnxruntime-node', 'src/model'),
    home('fastify', 'src/api'),
    home('commander', 'src/cli'),
    home('pino', 'src/telemetry'),
    home('nodemailer', 'src/notify'),
    home('hucre', 'src/(export|import)'),
    home('@opentelemetry', 'src/telemetry/open-telemetry.ts'),
    layer('domain', []),
    layer('text', ['domain']),
    layer('analysis', ['domain', 'text', 'runtime']),
    layer('insight', ['domain']),
    layer('alerting', ['domain', 'insight']),
    layer('model', ['domain', 'analysis', 'runtime']),
    layer('pipeline', ['domain', 'text']),
    layer('kafka', ['domain']),
    layer('store', ['domain', 'insight', 'alerting']),
    layer('notify', ['domain']),
    layer('export', ['domain', 'insight', 'store']),
    layer('import', ['domain', 'export']),
    layer('api', ['domain', 'insight', 'alerting', 'store', 'export', 'telemetry']),
    layer('embedded', ['runtime']),
    layer('config', []),
    layer('telemetry', ['domain']),
    layer('runtime', []),
    layer('world', ['domain', 'insight', 'runtime']),
    {
      name: 'open-telemetry-is-loaded-on-demand',
      comment: 'a process without a collector does not even load the SDK',
      severity: 'error',
      from: {},
      to: { path: '^src/telemetry/open-telemetry\\.ts$', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'pure-code-does-no-io',
      comment: 'domain, analysis, insight, text and world compute on values; only what loads their files may read them',
      severity: 'error',
      from: {
        path: pure.map((name) => `^src/${name}/`),
        pathNot: [
          '^src/text/dictionary\\.ts$',
          '^src/text/personal-data/person-names\\.ts$',
          '^src/analysis/load-assets\\.ts$',
          '^src/world/load-phrases\\.ts$',
        ],
      },
      to: { path: '^(node:)?(fs|net|http|https|child_process|worker_threads|timers)', dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
