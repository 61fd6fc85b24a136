package blackhole.api.registry;

/** One change of the registry. */
public sealed interface RegistryEvent {
  /** The registry's revision with this change. */
  long revision();

  String service();

  /** An endpoint is new, or has changed in something that callers care about. */
  record EndpointPut(long revision, RegisteredEndpoint endpoint) implements RegistryEvent {
    @Override
    public String service() {
      return endpoint.service();
    }
  }

  /**
   * An endpoint has changed only in what people look at. This makes no revision of its own, is not
   * told again to a watch that resumes, and may not reach other nodes at all.
   */
  record EndpointSeen(long revision, RegisteredEndpoint endpoint) implements RegistryEvent {
    @Override
    public String service() {
      return endpoint.service();
    }
  }

  /** An endpoint was removed, or its lease has ended. */
  record EndpointRemoved(long revision, String service, String id) implements RegistryEvent {}

  /** A service is described, for the first time or anew. */
  record ServiceDescribed(long revision, ServiceDescription description) implements RegistryEvent {
    @Override
    public String service() {
      return description.name();
    }
  }

  /** A service's description was removed. */
  record ServiceForgotten(long revision, String service) implements RegistryEvent {}
}
