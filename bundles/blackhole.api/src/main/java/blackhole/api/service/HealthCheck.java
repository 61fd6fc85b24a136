package blackhole.api.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service author's own check, registered as a DS service; the worst result of all checks is the
 * health of the host. Called from any thread, at most once at a time, whenever somebody asks for
 * the host's health; it should answer within a second. One that throws counts as unhealthy.
 */
@ConsumerType
@FunctionalInterface
public interface HealthCheck {
  HealthResult check();
}
