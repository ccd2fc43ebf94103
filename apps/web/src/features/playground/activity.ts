/** What the two sides are doing during a call. */
export type Activity = 'listening' | 'user_speaking' | 'assistant_speaking';

/** Follows the provider's events; those that say nothing about it change nothing. */
export function nextActivity(current: Activity, eventType: string): Activity {
  switch (eventType) {
    case 'input_audio_buffer.speech_started':
      return 'user_speaking';
    case 'input_audio_buffer.speech_stopped':
      return current === 'user_speaking' ? 'listening' : current;
    case 'output_audio_buffer.started':
      return 'assistant_speaking';
    case 'output_audio_buffer.stopped':
    case 'output_audio_buffer.cleared':
      return current === 'assistant_speaking' ? 'listening' : current;
    default:
      return current;
  }
}
