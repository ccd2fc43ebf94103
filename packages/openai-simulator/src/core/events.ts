import type {
  ConversationItem,
  RealtimeResponse,
  RealtimeResponseUsage,
  RealtimeServerEvent,
} from 'openai/resources/realtime/realtime';

/** What a session emits: the declarations of the `openai` package, so that a drift fails the type check. */
export type ServerEvent = Extract<RealtimeServerEvent, { event_id: string }>;

type WithoutId<Event> = Event extends ServerEvent ? Omit<Event, 'event_id'> : never;
export type ServerEventBody = WithoutId<ServerEvent>;

export type { ConversationItem, RealtimeResponse, RealtimeResponseUsage };
