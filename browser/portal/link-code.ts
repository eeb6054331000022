/**
 * `input[data-link-code]`: the code of a one-time link stands behind the `#` of the address, where no server and no log
 * sees it. It moves into the field and out of the address; the field's `[data-link-code-field]` goes out of sight, and with
 * `data-link-code="send"` the form goes on by itself.
 */
export function linkCode(): void {
  const field = document.querySelector<HTMLInputElement>("input[data-link-code]");
  const code = location.hash.slice(1);
  if (field === null || code === "") return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = code;
  const around = field.closest<HTMLElement>("[data-link-code-field]");
  if (around !== null) around.hidden = true;
  if (field.dataset["linkCode"] === "send") field.form?.requestSubmit();
}
