/** One event as `text/event-stream` writes it; `data` has no line break. */
export type ServerEvent = { id: string; event: string; data: string } | { comment: string };

const ENCODER = new TextEncoder();
/** Sent at once, so that who listens knows that it does; and how soon it should come back when this ends. */
const HELLO = ': open\nretry: 1000\n\n';

function formatEvent(event: ServerEvent): string {
  if ('comment' in event) return `: ${event.comment}\n\n`;
  return `id: ${event.id}\nevent: ${event.event}\ndata: ${event.data}\n\n`;
}

/** Takes from `events` as fast as the listener reads. Where that one goes away, `onGone` is told, and the events end. */
export function toEventStream(events: AsyncGenerator<ServerEvent>, onGone: () => void): ReadableStream {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(ENCODER.encode(HELLO));
    },
    pull: async (controller) => {
      const { done, value } = await events.next();
      if (done === true) controller.close();
      else controller.enqueue(ENCODER.encode(formatEvent(value)));
    },
    cancel: async () => {
      onGone();
      await events.return(undefined);
    },
  });
}
