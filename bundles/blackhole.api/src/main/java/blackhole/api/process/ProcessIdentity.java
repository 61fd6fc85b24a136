package blackhole.api.process;

/**
 * One process, never confused with a later one of the same number.
 *
 * @param pid the process id
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks from boot to the process's
 *     start
 */
public record ProcessIdentity(long pid, long startTicks) {}
