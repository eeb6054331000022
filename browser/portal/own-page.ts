/**
 * On Keyrack's own pages with the web component: gives it its options, which came with the page. In the preview of a key,
 * the page around it sends others while its form is filled in.
 */
interface Configurable extends HTMLElement {
  options?: unknown;
}

const component = document.querySelector<Configurable>("keyrack-assistant[data-options]");
if (component !== null) {
  component.options = JSON.parse(component.dataset["options"] ?? "{}") as unknown;
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin || event.source !== window.parent || window.parent === window) return;
    const { keyrackOptions } = (event.data ?? {}) as { keyrackOptions?: unknown };
    if (keyrackOptions !== undefined) component.options = keyrackOptions;
  });
}
