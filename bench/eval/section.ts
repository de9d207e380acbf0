/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` of a page; adds both at its end if need be. */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const section = `${begin}\n\n${content.trim()}\n\n${end}`;
  const first = page.indexOf(begin);
  const last = page.indexOf(end);
  if (first < 0 || last < first) return `${page.trimEnd()}\n\n${section}\n`;
  return page.slice(0, first) + section + page.slice(last + end.length);
}
