/** `data-keep`: a dialog that shows what will not be seen again stays until `input[data-stored]` in it is ticked. */
import { announce, openDialog, text } from "./page";

/** Whether the dialog shows a secret of which nobody has said yet that it is stored. */
export function holdsSecret(dialog: HTMLDialogElement): boolean {
  const secret = dialog.matches("[data-keep]") ? dialog : dialog.querySelector("[data-keep]");
  return secret !== null && secret.querySelector("input[data-stored]:checked") === null;
}

/** Closes it, or says why not. */
export function close(dialog: HTMLDialogElement): void {
  if (holdsSecret(dialog)) refuse(dialog);
  else dialog.close();
}

function refuse(dialog: HTMLDialogElement): void {
  const box = dialog.querySelector<HTMLInputElement>("input[data-stored]");
  box?.focus();
  announce(text("storeFirst", box ?? dialog));
}

export function keep(): void {
  // A browser lets a page refuse to be closed only now and then, so the key is stopped before it comes to that…
  document.addEventListener("keydown", (event) => {
    const dialog = event.key === "Escape" ? openDialog() : null;
    if (dialog !== null && holdsSecret(dialog)) {
      event.preventDefault();
      refuse(dialog);
    }
  });
  document.addEventListener("cancel", (event) => {
    if (event.target instanceof HTMLDialogElement && holdsSecret(event.target)) event.preventDefault();
  }, true);
  // …and what was closed all the same, by the back gesture for one, is opened again.
  document.addEventListener("close", (event) => {
    if (event.target instanceof HTMLDialogElement && holdsSecret(event.target)) event.target.showModal();
  }, true);
}
