/** The loader: a classic script. `window.keyrackAssistant.push(a => …)` is served when the first element is there. */
import { KeyrackAssistant, begin } from "./element";

type Call = (assistant: KeyrackAssistant) => unknown;

declare global {
  interface Window {
    keyrackAssistant?: { push(call: Call): unknown };
  }
}

const NAME = "keyrack-assistant";

if (customElements.get(NAME) === undefined) {
  const script = document.currentScript ?? document.querySelector('script[src*="/assistant/v1.js"]');
  const early = window.keyrackAssistant;
  const calls: Call[] = Array.isArray(early) ? early : [];
  const serve = () => {
    const element = document.querySelector<KeyrackAssistant>(NAME);
    if (element !== null) for (const call of calls.splice(0)) call(element);
  };
  window.keyrackAssistant = {
    push(call) {
      calls.push(call);
      serve();
    },
  };
  begin((script as HTMLScriptElement).src, serve);
  customElements.define(NAME, KeyrackAssistant);
}
