/** PostgreSQL's text has no NUL, and a poisonous record may well carry one. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
