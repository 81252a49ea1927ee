import type { JSX } from "solid-js";

/** The head of a table's column of figures. */
export function NumberHead(props: {
  readonly class?: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <th scope="col" class={`number ${props.class ?? ""}`}>
      {props.children}
    </th>
  );
}
