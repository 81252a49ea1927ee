import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, type JSX } from "solid-js";
import { api } from "../api/api.ts";
import { RequestError } from "../api/request.ts";
import { text } from "../i18n/text.ts";
import { loadMe } from "../session/session.ts";
import { EntryCard } from "./EntryCard.tsx";
import { Field } from "./Field.tsx";
import { FormFault } from "./FormFault.tsx";
import { pathWithin } from "./path-within.ts";

/** Email and password. */
export function SignIn(): JSX.Element {
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next: string }>();
  const [fault, setFault] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email")).trim();
    const password = String(form.get("password"));
    if (email === "" || password === "") return void setFault(text("signIn.missing"));
    setBusy(true);
    try {
      await api.signIn(email, password);
      await loadMe();
      navigate(pathWithin(search.next), { replace: true });
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <EntryCard title={text("signIn.title")} lead={text("signIn.lead")}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <FormFault reason={fault()} />
        <Field
          label={text("signIn.email")}
          type="email"
          name="email"
          autocomplete="username"
          required
          autofocus
        />
        <Field
          label={text("signIn.password")}
          type="password"
          name="password"
          autocomplete="current-password"
          required
        />
        <button class="button button-main" type="submit" disabled={isBusy()}>
          {isBusy() ? text("signIn.busy") : text("signIn.submit")}
        </button>
      </form>
      <p class="muted entry-help">{text("signIn.help")}</p>
    </EntryCard>
  );
}

function faultOf(error: unknown): string {
  if (!(error instanceof RequestError)) return text("problem.unexpected");
  return error.status === 401 ? text("signIn.wrong") : (error.detail ?? error.message);
}
