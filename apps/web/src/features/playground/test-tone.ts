const NOTES_HZ = [523.25, 659.25, 783.99] as const;
const NOTE_SECONDS = 0.22;

/** Three soft notes through the default output. Resolves when they have sounded. */
export async function playTestTone(createContext: () => AudioContext): Promise<void> {
  const context = createContext();
  await context.resume();
  const finished = NOTES_HZ.map((frequency, index) => {
    const startsAt = context.currentTime + index * NOTE_SECONDS;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, startsAt);
    gain.gain.linearRampToValueAtTime(0.16, startsAt + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, startsAt + NOTE_SECONDS * 1.6);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(startsAt);
    oscillator.stop(startsAt + NOTE_SECONDS * 1.7);
    return new Promise<void>((resolve) => {
      oscillator.addEventListener('ended', () => resolve(), { once: true });
    });
  });
  await Promise.all(finished);
  await context.close();
}
