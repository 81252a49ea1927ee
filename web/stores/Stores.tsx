import type { JSX } from "solid-js";
export function Stores(): JSX.Element {
  return <p>…</p>;
}
