package blackhole.orchestrator.pressure;

/**
 * How near something is to its limit.
 *
 * @param ratio of what is used to what there is
 * @param fact in words, with both
 */
record Reading(SignalKind kind, double ratio, Band band, String fact) {}
