const shared = new Map<string, string>();
const sharedMaxCount = 8_192;

/**
 * The one copy of a text that many orders repeat, such as a store's id. A batch's own copies live until its
 * commit, in which time the collector moves each of them twice.
 */
export function shareText(text: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  if (shared.size >= sharedMaxCount) shared.clear();
  shared.set(text, text);
  return text;
}
