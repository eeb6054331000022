/** Elements without markup: nothing here turns a text into anything but a text. */
type Properties = Record<string, string | boolean | null | ((event: never) => void)>;

/** @param properties `on…` are listeners, the others attributes; true is an empty one, false and null are none */
export function h<K extends keyof HTMLElementTagNameMap>(name: K, properties: Properties, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value as EventListener);
    else put(element, key, value);
  }
  element.append(...children);
  return element;
}

/** Sets an attribute, or takes it away. */
export function put(element: Element, name: string, value: string | boolean | null): void {
  if (value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}

/** A drawing of lines, 24 by 24; for buttons, which are read out by their label. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  put(svg, "viewBox", "0 0 24 24");
  put(line, "d", path);
  svg.append(line);
  return svg;
}

export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

export function adopt(root: ShadowRoot, made: CSSStyleSheet): void {
  if (!root.adoptedStyleSheets.includes(made)) root.adoptedStyleSheets.push(made);
}
