/** The module that greets, imported when there are prompts or a sound. */
import { chime } from "./chime";
import { adopt, sheet } from "./dom";
import type { Greeting, Host } from "./host";
import { dress } from "./palette";
import css from "./greeting.css";
import { type Prompts, prompts } from "./prompts";
import { greeting } from "./texts";
import { mark, marked } from "./vault";

let styles: CSSStyleSheet | undefined;
/** On this page: where it has no storage, nothing else says so. */
let rung = false;

export function greet(host: Host): Greeting {
  let shown: Prompts | null = null;
  let silence: (() => void) | null = null;
  let dismissed = false;
  /** Of all keys together: several elements are one page still. */
  const tab = { api: host.api, keyId: "", preview: host.preview };

  function hide(): void {
    shown?.stop();
    shown?.element.remove();
    shown = null;
  }

  function dismiss(): void {
    dismissed = true;
    mark(host, "quiet", true);
    hide();
    host.focusButton();
  }

  function first(): boolean {
    if (host.preview) return true;
    const before = rung;
    rung = true;
    return mark(tab, "sound", true) && !before;
  }

  function update(): void {
    const { options } = host;
    hide();
    if (options.prompts.texts.length > 0 && !dismissed && !marked(host, "quiet")) {
      adopt(host.shadow, (styles ??= sheet(css)));
      dress(host);
      shown = prompts(options.prompts, (host.texts ?? greeting).dismiss, () => host.open(), dismiss);
      host.root.prepend(shown.element);
    }
    // A page that is left before a gesture has played nothing.
    if (options.sound && !(host.shadow.host as HTMLElement).hidden && silence === null && !rung && !marked(tab, "sound")) silence = chime(first);
  }

  return {
    update,
    destroy() {
      hide();
      silence?.();
    },
  };
}
