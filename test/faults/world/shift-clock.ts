/** Loaded before a service: its wall clock is wrong by `FAULTS_CLOCK_SHIFT_MS`. */
const shiftMs = Number(process.env.FAULTS_CLOCK_SHIFT_MS ?? 0);

if (shiftMs !== 0) {
  const now = Date.now;
  Date.now = () => now() + shiftMs;
}
