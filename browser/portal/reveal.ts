/**
 * `form[data-reveal="#id"]` puts the token in place of the masked one, and takes it away with the same button, after a
 * minute, or when the page is hidden. `form[data-reveal-copy]` copies the token without showing it, and
 * `form[data-reveal-copy="#id"]` the text there with the token in the place that `data-token-here` marks.
 */
import { put } from "./copy";
import { type Answer, reason, send } from "./http";
import { around, named, problem, text } from "./page";

const SHOWN = 60_000;

/** How to hide again what is shown now. */
const shown = new Map<HTMLFormElement, () => void>();

export function reveal(): void {
  document.addEventListener("submit", (event) => {
    const form = around<HTMLFormElement>(event, "form[data-reveal],form[data-reveal-copy]");
    if (form === null || event.defaultPrevented) return;
    event.preventDefault();
    const hide = shown.get(form);
    if (hide !== undefined) hide();
    else void show(form, event.submitter);
  });
  const hideAll = (): void => {
    for (const hide of [...shown.values()]) hide();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hideAll();
  });
  window.addEventListener("pagehide", hideAll);
}

export function tokenIn(answer: Pick<Answer, "json" | "page">): string | undefined {
  const { token } = (answer.json ?? {}) as { token?: unknown };
  return typeof token === "string" ? token : answer.page?.querySelector("[data-token]")?.textContent?.trim();
}

/** The token; or nothing, and the form says why or the page is left. */
async function token(form: HTMLFormElement, button: HTMLElement | null): Promise<string | undefined> {
  problem(form, "");
  try {
    const answer = await send(form, button, "application/json, text/html;q=0.9");
    if (answer.redirected) {
      location.assign(answer.url);
      return undefined;
    }
    const found = answer.ok ? tokenIn(answer) : undefined;
    if (found === undefined) problem(form, reason(answer) ?? text("refused", form));
    return found;
  } catch {
    problem(form, text("unreachable", form));
    return undefined;
  }
}

async function show(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    if (form.dataset["revealCopy"] === undefined) await reveals(form, button);
    else await copies(form, button);
  } finally {
    form.ariaBusy = null;
  }
}

async function reveals(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const place = named<HTMLElement>(form.dataset["reveal"], form);
  if (place === null) return;
  const found = await token(form, button);
  if (found === undefined || document.visibilityState === "hidden") return;
  const masked = place.textContent;
  place.textContent = found;
  button?.setAttribute("aria-pressed", "true");
  const end = window.setTimeout(() => shown.get(form)?.(), SHOWN);
  shown.set(form, () => {
    window.clearTimeout(end);
    shown.delete(form);
    place.textContent = masked;
    button?.setAttribute("aria-pressed", "false");
  });
}

function withToken(text: HTMLElement | null, token: string): string {
  if (text === null) return token;
  const filled = text.cloneNode(true) as HTMLElement;
  filled.querySelector("[data-token-here]")?.replaceChildren(token);
  return (filled.textContent ?? "").trim();
}

async function copies(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const place = form.dataset["revealCopy"] === "" ? null : named<HTMLElement>(form.dataset["revealCopy"], form);
  const value = token(form, button).then((found) =>
    found === undefined ? Promise.reject(new Error("no token")) : withToken(place, found),
  );
  // It is awaited below; a browser that has no clipboard must not leave it unheard.
  value.catch(() => undefined);
  try {
    await put(value, button ?? form, null);
  } catch {
    // Why there is no token stands behind the form.
  }
}
