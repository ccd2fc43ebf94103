import * as z from 'zod';

// eslint-disable-next-line no-control-regex -- a name with control characters must not reach a log line or a terminal
const ONE_LINE = /^[^\u0000-\u001F\u007F-\u009F]*$/;
/** What a person may be called, whichever way the name comes in. */
export const personName = z.string().trim().min(1).max(100).regex(ONE_LINE);
