import { expect, test } from 'vitest';
import { withSection } from '../../../bench/eval/section.ts';

test('a section is added at the end and replaced where it is, and others stay', () => {
  const page = '# Page\n\n<!-- other:start -->\nkept\n<!-- other:end -->\n';
  const once = withSection(page, 'model', 'first');
  expect(once).toBe(`${page}\n<!-- model:start -->\n\nfirst\n\n<!-- model:end -->\n`);
  const more = `${once}\nafter\n`;
  expect(withSection(more, 'model', 'second')).toBe(more.replace('first', 'second'));
});
