package blackhole.api.service;

import org.osgi.annotation.versioning.ProviderType;

/**
 * This host's health, for a service whose own API has a health method. Thread-safe; the answer is
 * made at the time of the call.
 */
@ProviderType
public interface HealthReporter {
  HealthReport report();
}
