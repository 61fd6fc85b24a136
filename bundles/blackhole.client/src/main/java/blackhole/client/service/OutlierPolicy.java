package blackhole.client.service;

import io.grpc.util.OutlierDetectionLoadBalancer.OutlierDetectionLoadBalancerConfig;
import io.grpc.util.OutlierDetectionLoadBalancer.OutlierDetectionLoadBalancerConfig.FailurePercentageEjection;
import java.time.Duration;

/**
 * When an instance is left out for a while, while others of its service answer: gRPC's outlier
 * detection (gRFC A50), by the share of failures alone. The other way that gRPC has, by comparison
 * with the mean, finds nothing among two or three instances, which is what a node has.
 *
 * <p>gRPC takes any status but OK for a failure, the caller's own errors too. So the share must be
 * nearly all: a service that is often asked for what it does not have keeps its instances. And no
 * more than half of them are left out, but always one can be: the worst mistake costs the use of an
 * idle instance, and never the service.
 *
 * @param interval between looks; what is counted is counted from one look to the next
 * @param first how long an instance is left out the first time; each time in a row adds as much
 * @param longest the most that comes to
 */
record OutlierPolicy(Duration interval, Duration first, Duration longest) {
  /**
   * A look takes microseconds, but it wakes an idle process, hence not every second; in five even a
   * caller with a few calls a second has enough to go by. The time out is a little longer than a
   * breaker stays open by default: with two instances, calls that are not retried open the breaker
   * before the first look, and when it tries again the broken instance must still be out.
   */
  static final OutlierPolicy STANDARD =
      new OutlierPolicy(Duration.ofSeconds(5), Duration.ofSeconds(35), Duration.ofMinutes(2));

  private static final int FAILURE_PERCENT = 85;
  private static final int MOST_OUT_PERCENT = 50;

  /**
   * Within one interval, for an instance to be judged. A breaker that has just opened let ten calls
   * through, five for each of two.
   */
  private static final int LEAST_CALLS = 5;

  /** With that many calls each: one alone is not compared with anything. */
  private static final int LEAST_INSTANCES = 2;

  /** A balancer's configuration, over the rotation of those that are in. */
  Object watching(Object rotation) {
    return new OutlierDetectionLoadBalancerConfig.Builder()
        .setIntervalNanos(interval.toNanos())
        .setBaseEjectionTimeNanos(first.toNanos())
        .setMaxEjectionTimeNanos(longest.toNanos())
        .setMaxEjectionPercent(MOST_OUT_PERCENT)
        .setFailurePercentageEjection(
            new FailurePercentageEjection.Builder()
                .setThreshold(FAILURE_PERCENT)
                .setEnforcementPercentage(100)
                .setMinimumHosts(LEAST_INSTANCES)
                .setRequestVolume(LEAST_CALLS)
                .build())
        .setChildConfig(rotation)
        .build();
  }

  /** For a single instance: there is no other to prefer, so that its calls need not be counted. */
  static Object notWatching(Object rotation) {
    return new OutlierDetectionLoadBalancerConfig.Builder().setChildConfig(rotation).build();
  }
}
