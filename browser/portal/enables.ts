/** `data-enables="#button"`: a check box that must be ticked before the button can be pressed. */
import { around, onEveryPart } from "./page";

export function enables(): void {
  const follow = (box: HTMLInputElement): void => {
    for (const button of document.querySelectorAll<HTMLButtonElement>(box.dataset["enables"] ?? "")) {
      button.disabled = !box.checked;
    }
  };
  onEveryPart((root) => {
    for (const box of root.querySelectorAll<HTMLInputElement>("input[data-enables]")) follow(box);
  });
  document.addEventListener("change", (event) => {
    const box = around<HTMLInputElement>(event, "input[data-enables]");
    if (box !== null) follow(box);
  });
}
