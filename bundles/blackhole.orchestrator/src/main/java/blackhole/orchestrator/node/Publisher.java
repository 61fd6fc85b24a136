package blackhole.orchestrator.node;

import org.osgi.framework.BundleContext;

/** Registers what the node offers to other bundles; all of it goes when the bundle stops. */
final class Publisher {
  private final BundleContext context;

  Publisher(BundleContext context) {
    this.context = context;
  }

  <T> void publish(Class<T> type, T service) {
    context.registerService(type, service, null);
  }
}
