#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { embeddedKinds } from '../app/embedded-servers.ts';
import { exitCodeOf, exitCodes } from '../app/exit-code.ts';
import { channels } from '../domain/labels.ts';
import { packageVersion } from '../runtime/package-root.ts';
import { worldSizes } from '../world/world.ts';
import { addAlertCommands } from './alert-commands.ts';
import { analyze } from './analyze.ts';
import { port } from './arguments.ts';
import { conversation } from './conversation.ts';
import { addCustomerCommands } from './customer-commands.ts';
import { demo } from './demo.ts';
import { addDictionaryCommands } from './dictionary-commands.ts';
import { addDlqCommands } from './dlq-commands.ts';
import { doctor } from './doctor.ts';
import { embedded } from './embedded.ts';
import { addEnrichAgainCommands } from './enrich-again-commands.ts';
import { addExportCommand } from './export-command.ts';
import { addImportCommand } from './import-command.ts';
import { addInsightCommands } from './insight-commands.ts';
import { addKeyCommands } from './keys.ts';
import { addModelCommands } from './model-commands.ts';
import { send } from './send.ts';
import type { Terminal } from './terminal.ts';

const terminal: Terminal = {
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
};

const program = new Command('koe')
  .description('Streaming voice-of-customer pipeline for Japanese.')
  .version(packageVersion())
  .showHelpAfterError('Run koe help for the commands.')
  .exitOverride();

program
  .command('demo')
  .description('start everything, load 90 days of a fictional company, show what there is to find')
  .option('--once', 'print and exit', false)
  .addOption(
    new Option('--size <size>', 'how much of it: small is a quarter of what is said on ordinary days')
      .choices(Object.keys(worldSizes))
      .default('full'),
  )
  .action((options) => run(() => demo(options, terminal)));

program
  .command('analyze')
  .description('enrich JSON lines of raw feedback from standard input, without any server')
  .option('--text', 'each line is a text', false)
  .option('--pretty', 'print for people: the text with its opinions underlined', false)
  .option('--tenant <name>', 'tenant of --text lines', 'local')
  .addOption(new Option('--channel <name>', 'channel of --text lines').choices(channels).default('review'))
  .action((options) => run(() => analyze(options, terminal)));

program
  .command('send')
  .description('put JSON lines of raw feedback into Kafka')
  .argument('<file>', 'a file, or - for standard input; may be gzip')
  .action((file) => run(() => send(file, terminal)));

program
  .command('conversation')
  .description('tell how one conversation went, turn by turn')
  .argument('<id>', 'which one')
  .requiredOption('--tenant <name>', 'whose')
  .option('--json', 'print JSON', false)
  .action((id, options) => run(() => conversation(id, options, terminal)));

addInsightCommands(program, terminal, run);
addCustomerCommands(program, terminal, run);
addExportCommand(program, terminal, run);
addImportCommand(program, terminal, run);
addDictionaryCommands(program, terminal, run);
addAlertCommands(program, terminal, run);
addDlqCommands(program, terminal, run);
addEnrichAgainCommands(program, terminal, run);
addModelCommands(program, terminal, run);
addKeyCommands(program, terminal, run);

program
  .command('embedded')
  .description('run an embedded development server alone')
  .addArgument(program.createArgument('<server>', 'which one').choices(embeddedKinds))
  .requiredOption('--data <folder>', 'where it keeps its data')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on; 0 takes any free one', port, 0)
  .option('--exposed', 'allow an address that other machines reach; anybody there can read and delete all data', false)
  .action((kind, options) => run(() => embedded(kind, options, terminal)));

program
  .command('doctor')
  .description('check everything a worker needs')
  .action(() => run(() => doctor(terminal)));

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`koe: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

// A reader that has seen enough, such as head, closes the pipe: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`koe: the output cannot be written: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? exitCodes.success : exitCodes.failure);
});
process.stderr.on('error', () => process.exit(exitCodes.failure));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
}
