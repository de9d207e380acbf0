/** Replaces what stands between `<!-- NAME:start -->` and `<!-- NAME:end -->` of a page; adds both at its end if need be. */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const section = `${begin}\n\n${content.trim()}\n\n${end}`;
  const first = page.indexOf(begin);
  const last = page.indexOf(end);
  if (first < 0 || last < first) return `${page.trimEnd()}\n\n${section}\n`;
  return page.slice(0, first) + section + page.slice(last + end.length);
}
