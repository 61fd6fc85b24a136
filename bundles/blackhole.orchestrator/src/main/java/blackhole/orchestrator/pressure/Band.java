package blackhole.orchestrator.pressure;

/**
 * When a signal begins and ends: with room between, so that what swings around one value is one
 * signal and not many.
 *
 * @param begin a ratio; at it or above it for so many samples in a row, the signal begins
 * @param end below it for as many, it ends
 * @param samples in a row; 1 where one can't be a mere peak
 */
record Band(double begin, double end, int samples) {}
