/**
 * Where to go after signing in: only paths of this site, so that a forged link cannot lead elsewhere
 * ("//evil.example" and "/\evil.example" are other hosts to a browser).
 */
export function pathWithin(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/";
}
