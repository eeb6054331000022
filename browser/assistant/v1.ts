/**
 * The loader: a classic script. `window.keyrackAssistant.push(a => …)` is served when the first element is there,
 * which says so by a push of nothing.
 */
import { KeyrackAssistant, begin } from "./element";

type Call = (assistant: KeyrackAssistant) => unknown;

declare global {
  interface Window {
    keyrackAssistant?: { push(call?: Call): unknown };
  }
}

const NAME = "keyrack-assistant";

if (!customElements.get(NAME)) {
  const script = document.currentScript ?? document.querySelector('script[src*="/assistant/v1.js"]');
  const early = window.keyrackAssistant;
  const calls: Call[] = Array.isArray(early) ? early : [];
  window.keyrackAssistant = {
    push(call) {
      if (call) calls.push(call);
      const element = document.querySelector<KeyrackAssistant>(NAME);
      if (element) for (const waiting of calls.splice(0)) waiting(element);
    },
  };
  begin((script as HTMLScriptElement).src);
  customElements.define(NAME, KeyrackAssistant);
}
