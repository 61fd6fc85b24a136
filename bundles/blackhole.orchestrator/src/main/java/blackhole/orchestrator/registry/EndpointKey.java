package blackhole.orchestrator.registry;

import blackhole.api.registry.RegisteredEndpoint;

/** What an endpoint is written under. */
record EndpointKey(String service, String id) {
  static EndpointKey of(RegisteredEndpoint endpoint) {
    return new EndpointKey(endpoint.service(), endpoint.id());
  }
}
