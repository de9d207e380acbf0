import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { kafkajsLogCreator } from '../../../src/kafka/kafkajs-log.ts';

function linesOf(namespace: string, level: number, extra: object = {}) {
  const lines: { level: string; fields: object; sentence: string }[] = [];
  const take = (name: string) => (fields: object, sentence: string) => {
    lines.push({ level: name, fields, sentence });
  };
  const logger = {
    debug: take('debug'),
    info: take('info'),
    warn: take('warn'),
    error: take('error'),
    fatal: take('fatal'),
  };
  kafkajsLogCreator(logger)()({
    namespace,
    level,
    label: '',
    log: { timestamp: '', message: 'it happened', ...extra },
  });
  return lines;
}

test('nothing that kafkajs retries by itself is an error for the operator', () => {
  expect(linesOf('Consumer', kafkajs.logLevel.ERROR)[0]?.level).toBe('warn');
  expect(linesOf('Connection', kafkajs.logLevel.ERROR)[0]?.level).toBe('debug');
  expect(linesOf('Runner', kafkajs.logLevel.WARN)[0]?.level).toBe('info');
  expect(linesOf('Consumer', kafkajs.logLevel.INFO)[0]?.level).toBe('debug');
});

test('only known fields pass: no stack, no payload', () => {
  const [line] = linesOf('Producer', kafkajs.logLevel.ERROR, {
    groupId: 'g',
    stack: 'at secret',
    payload: Buffer.from('customer text'),
    error: new Error('away'),
  });
  expect(line?.fields).toEqual({ component: 'kafkajs Producer', groupId: 'g', error: 'away' });
});
