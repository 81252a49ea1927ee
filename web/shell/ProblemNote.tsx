import { type JSX, Show } from "solid-js";
import { RequestError } from "../api/request.ts";
import { text } from "../i18n/text.ts";

/** What went wrong, how to name it to a person who can help, and a way to try again. */
export function ProblemNote(props: {
  readonly error: Error;
  readonly retry?: () => void;
}): JSX.Element {
  const known = () => (props.error instanceof RequestError ? props.error : undefined);
  return (
    <div class="notice" role="alert">
      <p class="notice-title">{known() ? props.error.message : text("problem.unexpected")}</p>
      <Show when={known()?.detail}>{(detail) => <p>{detail()}</p>}</Show>
      <Show when={known()?.requestId}>
        {(id) => <p class="muted">{text("problem.request", { id: id() })}</p>}
      </Show>
      <Show when={props.retry}>
        {(retry) => (
          <button class="button" type="button" onClick={() => retry()()}>
            {text("app.retry")}
          </button>
        )}
      </Show>
    </div>
  );
}
