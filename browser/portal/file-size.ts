/** `<input type="file" data-most-bytes="…" data-too-large="…">`: says so before a file is sent that is too large. */
import { around } from "./page";

export function fileSize(): void {
  document.addEventListener("change", (event) => {
    const field = around<HTMLInputElement>(event, "input[type=file][data-most-bytes]");
    if (field === null) return;
    const large = [...(field.files ?? [])].some((file) => file.size > Number(field.dataset["mostBytes"]));
    field.setCustomValidity(large ? (field.dataset["tooLarge"] ?? "") : "");
    if (large) field.reportValidity();
  });
}
