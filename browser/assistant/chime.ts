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

/** Rings now where the browser allows it, else at the first gesture. @param rung when it does @return takes the waiting back */
export function chime(rung: () => void): () => void {
  const gestures = ["pointerdown", "keydown"];
  const stop = () => gestures.forEach((name) => removeEventListener(name, late, true));
  const late = () => {
    const context = new AudioContext();
    void context.resume().then(() => ring(context));
    rung();
    stop();
  };
  try {
    const context = new AudioContext();
    if (context.state === "running") {
      ring(context);
      rung();
      return stop;
    }
    void context.close();
    gestures.forEach((name) => addEventListener(name, late, true));
  } catch {
    // No audio here.
  }
  return stop;
}
