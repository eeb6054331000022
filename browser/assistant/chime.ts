/** Two notes, made on the spot: a bell of 1.2 seconds. */
function ring(context: AudioContext): void {
  [880, 1318.5].forEach((frequency, index) => {
    const start = context.currentTime + index * 0.14;
    const note = context.createOscillator();
    const loudness = context.createGain();
    note.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.12, start + 0.01);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + 1);
    note.connect(loudness).connect(context.destination);
    note.start(start);
    note.stop(start + 1.05);
  });
  setTimeout(() => void context.close(), 1_500);
}

/** Of these, browsers take some for leave to make a sound, and not all the same ones: a finger that comes down is none. */
const GESTURES = ["pointerdown", "pointerup", "touchend", "click", "keydown"];

/**
 * Rings as soon as the browser allows it: now, or at a gesture.
 * @param first whether nothing else has rung meanwhile, which it does from then on @return takes the waiting back
 */
export function chime(first: () => boolean): () => void {
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    // No audio here.
    return () => {};
  }
  const waiting = new AbortController();
  const { signal } = waiting;
  const look = () => {
    if (signal.aborted || context.state !== "running") return;
    waiting.abort();
    if (first()) ring(context);
    else void context.close();
  };
  context.addEventListener("statechange", look, { signal });
  for (const name of GESTURES) addEventListener(name, () => void context.resume().then(look, () => undefined), { signal, capture: true });
  look();
  return () => {
    if (signal.aborted) return;
    waiting.abort();
    void context.close();
  };
}
