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
 * @param archive whether a class-data archive is in use, in words; empty before its first start
 */
public record InstanceDetails(
    InstanceStatus status,
    List<Failure> failures,
    Map<String, String> limits,
    List<String> jvmFlags,
    List<String> dependsOn,
    Optional<String> archive) {
  public InstanceDetails {
    failures = List.copyOf(failures);
    jvmFlags = List.copyOf(jvmFlags);
    dependsOn = List.copyOf(dependsOn);
  }
}
