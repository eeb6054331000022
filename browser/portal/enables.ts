/** `data-enables="#button"`: a check box that must be ticked before the button can be pressed. */
import { around, named, onEveryPart } from "./page";

export function enables(): void {
  const follow = (box: HTMLInputElement): void => {
    const button = named<HTMLButtonElement>(box.dataset["enables"], box);
    if (button !== null) button.disabled = !box.checked;
  };
  onEveryPart((root) => {
    for (const box of root.querySelectorAll<HTMLInputElement>("input[data-enables]")) follow(box);
  });
  document.addEventListener("change", (event) => {
    const box = around<HTMLInputElement>(event, "input[data-enables]");
    if (box !== null) follow(box);
  });
}
