package blackhole.api.supervision;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of an instance.
 *
 * @param failures newest first, bounded
 * @param limits the effective limits by name, for example {@code max_memory} to {@code 256MB}
 * @param jvmFlags as its process was or would be started
 * @param counts since the orchestrator's start
 * @param flaps whether its health goes up and down, as the README says under "How health is judged"
 * @param archive whether a class-data archive is in use, in words; empty before its first start
 */
public record InstanceDetails(
    InstanceStatus status,
    List<Failure> failures,
    Map<String, String> limits,
    List<String> jvmFlags,
    List<String> dependsOn,
    boolean flaps,
    Optional<String> archive,
    Counts counts) {
  /**
   * How often something happened to it.
   *
   * @param starts processes that were to be started
   * @param stops ends that somebody had asked for
   * @param failures ends that nobody had asked for, by their kind
   */
  public record Counts(long starts, long stops, Map<FailureKind, Long> failures) {
    public static final Counts NONE = new Counts(0, 0, Map.of());

    public Counts {
      failures = Map.copyOf(failures);
    }
  }

  public InstanceDetails {
    failures = List.copyOf(failures);
    jvmFlags = List.copyOf(jvmFlags);
    dependsOn = List.copyOf(dependsOn);
  }
}
