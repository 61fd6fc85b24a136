package blackhole.bench.call;

import blackhole.bench.Samples;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * Why a target is missed, as far as this very run tells: what gRPC alone came to with the same
 * hooks and nothing in them.
 *
 * @param hooks what the floor has
 * @param more where the rest goes
 */
record FloorWords(String hooks, String more) {
  /**
   * @param of what is compared, of a contender's rounds
   */
  String words(Rounds floor, Rounds bare, Function<Rounds, double[]> of) {
    double[] ratios = of.apply(floor).clone();
    double[] baselines = of.apply(bare);
    Arrays.setAll(ratios, round -> ratios[round] / baselines[round]);
    return String.format(
        Locale.ROOT,
        "grpc-java alone with %s has %.2f in the same run; %s",
        hooks,
        new Samples(ratios).median(),
        more);
  }
}
