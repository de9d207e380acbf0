/**
 * What a spreadsheet may take for the beginning of a formula; the full-width signs are taken for it where the input
 * language is Japanese. Source: OWASP, "CSV Injection".
 */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet takes for a formula: with an apostrophe before what would begin one. */
export function neutralText(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

const neutralStart = /^'(?=[=+\-@\t\r\n＝＋－＠])/;

/** The text as it was before {@link neutralText}. */
export function plainText(text: string): string {
  return text.replace(neutralStart, '');
}
