package blackhole.host;

import blackhole.api.host.Assignment;
import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.CallerIdentity;
import java.util.Optional;

/** This host as those see it whom it calls. */
final class AssignedCaller implements CallerIdentity {
  private final Assignment assignment;
  private volatile Optional<String> callToken = Optional.empty();

  AssignedCaller(Assignment assignment) {
    this.assignment = assignment;
  }

  /**
   * The orchestrator has given out another secret.
   *
   * @param token empty when it gives none
   */
  void welcomed(String token) {
    callToken = token.isEmpty() ? Optional.empty() : Optional.of(token);
  }

  @Override
  public String nodeId() {
    return assignment.nodeId();
  }

  @Override
  public String name() {
    return assignment.service() + "-" + assignment.instance();
  }

  @Override
  public Optional<String> callToken() {
    return callToken;
  }

  @Override
  public Optional<TlsFiles> tls() {
    return assignment.tls();
  }
}
