import { type JSX, Show } from "solid-js";

/** Why a form was not taken, read out at once; nothing while there is no reason. */
export function FormFault(props: { readonly reason: string | undefined }): JSX.Element {
  return (
    <Show when={props.reason}>
      {(reason) => (
        <p class="form-fault" role="alert">
          {reason()}
        </p>
      )}
    </Show>
  );
}
