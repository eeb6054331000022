/** `form[data-preview="#frame"][data-draft]`: the page in the frame shows what the form would save, while it is filled in. */
import { query } from "./http";
import { around } from "./page";

const PAUSE = 250;

export function preview(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-preview][data-draft]");
  if (form === null) return;
  const frame = document.querySelector<HTMLIFrameElement>(form.dataset["preview"] ?? "");
  if (frame === null) return;
  let timer = 0;
  let asked = 0;
  let changed = false;
  const soon = (pause: number): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void draft(), pause);
  };
  const draft = async (): Promise<void> => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset["draft"] ?? "", {
        method: "POST",
        headers: { Accept: "application/json" },
        mode: "same-origin",
        body: query(new FormData(form)),
      });
      // What does not fit yet is told when it is saved; until then the preview stays as it is.
      if (!answer.ok || mine !== asked) return;
      frame.contentWindow?.postMessage({ keyrackOptions: await answer.json() as unknown }, location.origin);
    } catch {
      // Saving will say so.
    }
  };
  const change = (event: Event, pause: number): void => {
    const field = around<HTMLInputElement>(event, "input,select,textarea");
    if (field?.form !== form) return;
    changed = true;
    soon(pause);
  };
  document.addEventListener("input", (event) => change(event, PAUSE));
  document.addEventListener("change", (event) => change(event, 0));
  frame.addEventListener("load", () => changed && soon(0));
}
