import type { Operations } from './operation.ts';
import { ACCOUNT_OPERATIONS } from './operations/account.ts';
import { MESSAGE_OPERATIONS } from './operations/messages.ts';
import { MONITORING_OPERATIONS } from './operations/monitoring.ts';
import { NODE_OPERATIONS } from './operations/nodes.ts';
import { PROVIDER_KEY_OPERATIONS } from './operations/provider-keys.ts';
import { SESSION_OPERATIONS } from './operations/sessions.ts';
import { TOKEN_OPERATIONS } from './operations/tokens.ts';

/** Every public route, in words. */
export const OPERATIONS: Operations = {
  ...TOKEN_OPERATIONS,
  ...SESSION_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...PROVIDER_KEY_OPERATIONS,
  ...NODE_OPERATIONS,
  ...MESSAGE_OPERATIONS,
  ...MONITORING_OPERATIONS,
};
