// Preloaded by the test processes, and by those of their children that open a database: half of such a start's time.
import { registerKnownFormats } from '../../src/node/known-formats.ts';

registerKnownFormats();
