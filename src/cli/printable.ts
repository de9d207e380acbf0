/** A text that is safe to show in a terminal: control characters, which could steer it, become `�`. */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '�');
}
