/**
 * Minor units as plain decimal text of major units, always with `exponent` digits after the point:
 * `formatMinor(-1230n, 2)` is "-12.30". For machines and files; screens format for their locale.
 */
export function formatMinor(minor: bigint, exponent: number): string {
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
