package blackhole.api.supervision;

import java.util.Optional;

/**
 * One limit of one instance.
 *
 * @param limit by its key in the configuration, for example {@code max_memory}
 * @param value as it would stand there
 * @param how by what it is enforced; empty when it is not
 * @param reason why it is not enforced, in words; empty when it is
 */
public record InstanceLimit(
    InstanceId id, String limit, String value, Optional<String> how, Optional<String> reason) {
  public boolean enforced() {
    return reason.isEmpty();
  }
}
