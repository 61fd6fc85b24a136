package blackhole.bench.call;

import blackhole.bench.Samples;
import java.util.Locale;

/** What one contender did in each round, with one kind of load. */
final class Rounds {
  private final double[] callsPerSecond;
  private final double[] p50Micros;
  private final double[] p99Micros;
  private final double[] bytesPerCall;

  Rounds(int rounds) {
    callsPerSecond = new double[rounds];
    p50Micros = new double[rounds];
    p99Micros = new double[rounds];
    bytesPerCall = new double[rounds];
  }

  void set(int round, Load.Outcome outcome) {
    callsPerSecond[round] = outcome.callsPerSecond();
    p50Micros[round] = outcome.p50Micros();
    p99Micros[round] = outcome.p99Micros();
    bytesPerCall[round] = outcome.bytesPerCall();
  }

  double[] callsPerSecond() {
    return callsPerSecond;
  }

  double[] p99Micros() {
    return p99Micros;
  }

  /** In the client. */
  double[] bytesPerCall() {
    return bytesPerCall;
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        "%9.0f calls/s   p50 %7.1f us   p99 %7.1f us",
        new Samples(callsPerSecond).median(),
        new Samples(p50Micros).median(),
        new Samples(p99Micros).median());
  }
}
