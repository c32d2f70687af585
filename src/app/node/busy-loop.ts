/** Share of its time that the event loop has something to run: above it the process is busy. */
const busyShare = 0.5;

/** Tells, each time it is asked, whether the event loop of this process was busy since the last time. */
export function busyLoop(): () => boolean {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization > busyShare;
  };
}
