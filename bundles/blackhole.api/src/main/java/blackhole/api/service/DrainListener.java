package blackhole.api.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * For services with calls that have no end of their own, such as subscriptions; registered as a DS
 * service. A host that is about to stop waits for the calls in flight, so these are to be ended,
 * with UNAVAILABLE and the reason {@code DRAINING}: their callers go on elsewhere.
 */
@ConsumerType
@FunctionalInterface
public interface DrainListener {
  /** Called once, on any thread; may not block. Other calls still come in for a moment. */
  void draining();
}
