/** The chat's module, imported when it is wanted. Puts its parts together for one element. */
import { advise } from "./advice";
import css from "./chat.css";
import { adopt, sheet } from "./dom";
import type { Chat, Host } from "./host";
import { dress } from "./palette";
import { Panel } from "./panel";
import { Problem } from "./protocol";
import { Session } from "./session";
import { type News, Tabs } from "./tabs";
import type { Shown } from "./screen";
import { Talk } from "./talk";
import { Vault, mark, nameOf, shelf } from "./vault";

/** Of a message, in characters. */
const LONGEST = 8_000;

let styles: CSSStyleSheet | undefined;

export function mount(host: Host): Chat {
  styles ??= sheet(css);
  adopt(host.shadow, styles);
  dress(host);
  const name = nameOf("chat", host);
  const shared = host.options.crossPage && !host.preview ? shelf("localStorage") : null;
  if (!host.options.crossPage && !host.preview) {
    // Left from a time when the key allowed it.
    const left = new Vault(name, shelf("localStorage"));
    void host.leave?.(left.get().leave);
    left.clear();
  }
  const vault = new Vault(name, shared);
  const tabs = new Tabs(host.preview ? null : name, shared !== null, hear);
  const session = new Session(host, vault, tabs, changed);
  const panel: Panel = new Panel(host, {
    send: (text) => chat.send(text),
    stop: () => void talk.cancel(),
    fresh: () => void chat.newConversation(),
    close: () => chat.close(),
    rate: (id, rating) => talk.rate(id, rating),
    again,
  });
  const talk: Talk = new Talk(session, vault, tabs, panel, () => host.locale);
  let wanted = false;

  function changed(somebodyElse?: boolean): void {
    if (somebodyElse) panel.empty();
    talk.reset();
    if (wanted) void talk.load();
  }

  function hear(news: News): void {
    if (news.kind === "logout") {
      leave();
    } else if (news.kind === "changed") {
      session.forget();
      changed(news.else);
    } else {
      talk.hear(news);
    }
  }

  /** The visitor has left in another tab, or while this page was out of sight. */
  function leave(): void {
    void session.drop(true);
    talk.reset();
    shut();
  }

  function shut(): void {
    wanted = false;
    panel.empty();
    chat.close();
    mark(host, "quiet", false);
  }

  // Out of the back/forward cache comes what another visitor may have left.
  addEventListener("pageshow", ({ persisted }) => persisted && (shared === null ? leave() : hear({ kind: "changed", else: true })), { signal: host.signal });

  function again(message: Shown): void {
    if (message.author === "visitor") return talk.again(message);
    if (message.code === "UNREACHABLE") return changed();
    const text = panel.before(message.id);
    if (text !== null) void talk.send(text);
  }

  const chat: Chat = {
    open(quietly = false) {
      if (panel.isOpen) return quietly ? undefined : panel.focus();
      // A preview is opened by the page around it, whose form keeps the focus.
      panel.open(quietly || (host.preview && host.shadow.activeElement === null));
      host.opened(true);
      mark(host, "open", true);
      // Who has found the chat needs no prompt any more, on the next pages either.
      host.root.classList.toggle("met", !host.preview);
      mark(host, "quiet", true);
      host.emit("open", {});
      wanted = true;
      void talk.load();
    },
    close() {
      if (!panel.isOpen || host.hosted) return;
      // The button is there again before it is given the focus.
      host.opened(false);
      panel.close();
      mark(host, "open", false);
      host.emit("close", {});
    },
    toggle() {
      if (panel.isOpen) chat.close();
      else chat.open();
    },
    send(text) {
      const trimmed = String(text).trim();
      if (trimmed === "") return false;
      if (trimmed.length > LONGEST && [...trimmed].length > LONGEST) {
        panel.notice("long");
        host.emit("error", { code: "TEXT_TOO_LONG" });
        return false;
      }
      wanted = true;
      void talk.load();
      return talk.send(trimmed);
    },
    async newConversation() {
      const done = talk.newConversation();
      panel.say(panel.texts.started);
      if (panel.isOpen) panel.focus();
      await done;
    },
    async identify(identity) {
      try {
        await session.identify(String(identity), host.signal);
      } catch (failure) {
        const code = failure instanceof Problem ? failure.code : "UNREACHABLE";
        advise(code);
        host.emit("error", { code });
      }
    },
    async logout() {
      const done = talk.logout();
      shut();
      await done;
    },
    update() {
      dress(host);
      panel.update();
    },
    destroy() {
      talk.destroy();
      tabs.close();
      panel.destroy();
    },
  };
  return chat;
}
