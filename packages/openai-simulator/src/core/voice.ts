/** Turns an answer into sound. */
export interface Voice {
  /** Mono PCM16 at 24 kHz. `speed` is the session's, 1 being normal. */
  speak(text: string, options: { voice: string; speed: number }): Promise<Int16Array>;
}
