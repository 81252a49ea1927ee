import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import { api } from "../api/api.ts";
import { RequestError } from "../api/request.ts";
import { text } from "../i18n/text.ts";
import { loadMe } from "../session/session.ts";
import { EntryCard } from "./EntryCard.tsx";
import { Field } from "./Field.tsx";
import { FormFault } from "./FormFault.tsx";

/** Shorter passwords are refused by the server too. */
const PASSWORD_LENGTH_MIN = 10;

/** Redeems a sign-in link, with a new password or without. The token works once. */
export function RedeemLink(): JSX.Element {
  const navigate = useNavigate();
  const [search] = useSearchParams<{ token: string }>();
  const [fault, setFault] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);
  let passwordInput: HTMLInputElement | undefined;

  function save(event: SubmitEvent): void {
    event.preventDefault();
    const password = passwordInput?.value ?? "";
    if (password.length < PASSWORD_LENGTH_MIN) setFault(text("link.tooShort"));
    else void redeem(password);
  }

  async function redeem(password?: string): Promise<void> {
    if (search.token === undefined) return;
    setBusy(true);
    try {
      await api.redeemLink(search.token, password);
      await loadMe();
      navigate("/", { replace: true });
    } catch (error) {
      const isUsedUp = error instanceof RequestError && error.status >= 400 && error.status < 422;
      setFault(isUsedUp ? text("link.invalid") : messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <EntryCard title={text("link.title")} lead={text("link.lead")}>
      <Show when={search.token} fallback={<p role="alert">{text("link.missing")}</p>}>
        <form class="form" noValidate onSubmit={save}>
          <FormFault reason={fault()} />
          <Field
            label={text("link.password")}
            hint={text("link.hint")}
            ref={passwordInput}
            type="password"
            name="password"
            autocomplete="new-password"
            minlength={PASSWORD_LENGTH_MIN}
            autofocus
          />
          <button class="button button-main" type="submit" disabled={isBusy()}>
            {text("link.submit")}
          </button>
          <button class="button" type="button" disabled={isBusy()} onClick={() => void redeem()}>
            {text("link.skip")}
          </button>
        </form>
      </Show>
    </EntryCard>
  );
}

function messageOf(error: unknown): string {
  if (error instanceof RequestError) return error.detail ?? error.message;
  return text("problem.unexpected");
}
