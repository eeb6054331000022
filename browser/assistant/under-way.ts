/** The reply under way, as far as it has come. */
import type { Screen, Shown, State } from "./screen";

export class UnderWay {
  /** "" while there is none. */
  id = "";
  text = "";

  constructor(readonly screen: Screen) {}

  begin(id: string, text: string): void {
    this.id = id;
    this.text = text;
    this.screen.show({ id, author: "assistant", text, state: "streaming", rating: null });
    this.screen.busy(true);
  }

  add(text: string): void {
    if (!this.id) return;
    this.text += text;
    this.screen.append(this.id, text);
  }

  end(message: Shown): void {
    this.forget();
    this.screen.show(message);
    this.screen.finished(message);
  }

  /** It comes no further. */
  cut(state: State, code?: string): void {
    const { id, text } = this;
    if (id) this.end({ id, text, author: "assistant", state, rating: null, code });
  }

  forget(): void {
    this.id = this.text = "";
    this.screen.busy(false);
  }
}
