import { useNavigate } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import { api } from "../api/api.ts";
import { RequestError } from "../api/request.ts";
import { text } from "../i18n/text.ts";
import { loadMe } from "../session/session.ts";
import { EntryCard } from "./EntryCard.tsx";
import { Field } from "./Field.tsx";
import { FormFault } from "./FormFault.tsx";

/** Shorter passwords are refused by the server too. */
const PASSWORD_LENGTH_MIN = 12;

/** Redeems a sign-in link, with a new password or without. The token works once. */
export function RedeemLink(): JSX.Element {
  const navigate = useNavigate();
  const token = takeToken();
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
    if (token === null) return;
    setBusy(true);
    try {
      await api.redeemLink(token, password);
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
      <Show when={token} fallback={<p role="alert">{text("link.missing")}</p>}>
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

/**
 * The token out of the address's fragment, which no server has seen; it is taken out of the address, so that it
 * stays in no history either.
 */
function takeToken(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (token !== null) window.history.replaceState(window.history.state, "", "/link");
  return token;
}

function messageOf(error: unknown): string {
  if (error instanceof RequestError) {
    const weak = /^body\.password: (.*)$/.exec(error.detail ?? "")?.[1];
    return weak === undefined
      ? (error.detail ?? error.message)
      : text("link.weak", { reason: weak });
  }
  return text("problem.unexpected");
}
