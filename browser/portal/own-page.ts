/**
 * On Keyrack's own pages with the web component: gives it its options, which came with the page, and another code when the
 * page is open for longer than that is good. In the preview of a key, the page around it sends other options while its form is
 * filled in.
 */
interface Configurable extends HTMLElement {
  options?: unknown;
}

const component = document.querySelector<Configurable>("keyrack-assistant[data-options]");
if (component !== null) {
  const draw = async (options: unknown): Promise<void> => {
    // What is set before hides the property of its class.
    await customElements.whenDefined(component.localName);
    component.options = options;
  };
  void draw(JSON.parse(component.dataset["options"] ?? "{}"));
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin || event.source !== window.parent || window.parent === window) return;
    const { keyrackOptions } = (event.data ?? {}) as { keyrackOptions?: unknown };
    if (keyrackOptions !== undefined) void draw(keyrackOptions);
  });
  component.addEventListener("error", (event) => {
    if ((event as Event as CustomEvent<{ code?: string }>).detail?.code === "PAGE_EXPIRED") void renew(component);
  });
}

/** From the page as it would be loaded now; what was said stays. The component tries again by itself, a few times. */
async function renew(on: HTMLElement): Promise<void> {
  const page = await fetch(location.href, { cache: "no-store" }).then((answer) => answer.text(), () => "");
  const code = / page-code="([\w.-]+)"/.exec(page)?.[1];
  if (code !== undefined) on.setAttribute("page-code", code);
}
