// Preloaded into a host by `--import`: its wall clock is set to what a file says, whenever SIGUSR2 says so. The clock
// that measures durations goes on as it was, as in a machine whose time is set.
import { readFileSync } from 'node:fs';

const realNow = Date.now;
const path = process.env['CLOCK_OFFSET_FILE'] ?? '';
let offsetMs = 0;

Date.now = () => realNow() + offsetMs;
process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(path, 'utf8'));
});
