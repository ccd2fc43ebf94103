/** Of content and metadata together, as they are kept. */
export const MAX_MESSAGE_BYTES = 262_144;
