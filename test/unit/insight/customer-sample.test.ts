import { expect, test } from 'vitest';
import {
  countCustomers,
  customerHash,
  sampleOf,
  sampleSize,
  sumOverCustomers,
} from '../../../src/insight/customer-sample.ts';

const hashes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => customerHash(`8c1f0a2b-${(from + at).toString(16).padStart(32, '0')}`));

test('few customers are counted exactly, however often they come', () => {
  const sample = sampleOf([...hashes(0, 300), ...hashes(100, 400)]);
  expect(countCustomers(sample)).toEqual({ value: 400, standardError: 0 });
  expect(sumOverCustomers(sample, () => 2)).toEqual({ value: 800, standardError: 0 });
  expect(countCustomers(sampleOf([]))).toEqual({ value: 0, standardError: 0 });
});

test('merging samples gives the sample of all', () => {
  const merged = sampleOf([...sampleOf(hashes(0, 3000)), ...sampleOf(hashes(2000, 5000))]);
  expect(merged).toEqual(sampleOf(hashes(0, 5000)));
  expect(merged).toHaveLength(sampleSize);
});

test.each([2_000, 20_000, 200_000])('%i customers are estimated within three standard errors', (customers) => {
  const sample = sampleOf(hashes(0, customers));
  const count = countCustomers(sample);
  expect(Math.abs(count.value - customers)).toBeLessThan(3 * count.standardError);
  expect(count.standardError / count.value).toBeLessThan(0.045);
  const sum = sumOverCustomers(sample, () => 10);
  expect(Math.abs(sum.value - 10 * customers)).toBeLessThan(3 * sum.standardError);
});

test('the standard error is what estimates really vary by', () => {
  const errors = Array.from({ length: 60 }, (_, group) => {
    const { value, standardError } = countCustomers(sampleOf(hashes(group * 3000, (group + 1) * 3000)));
    return (value - 3000) / standardError;
  });
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(deviation).toBeGreaterThan(0.75);
  expect(deviation).toBeLessThan(1.25);
});
