package blackhole.orchestrator.node;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.CallerIdentity;
import java.util.Optional;

/**
 * The orchestrator as those see it whom it calls: no host, so without a secret among hosts.
 *
 * @param tls what it shows to other nodes; empty where this node has no certificate
 */
record ThisCaller(String nodeId, Optional<TlsFiles> tls) implements CallerIdentity {
  static final String NAME = "orchestrator";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> callToken() {
    return Optional.empty();
  }
}
