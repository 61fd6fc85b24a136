package blackhole.api.rpc;

import blackhole.api.registry.CallPolicy;
import io.grpc.Channel;
import java.util.function.UnaryOperator;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Channels to services by name, for any generated stub:
 *
 * <pre>{@code LedgerGrpc.newBlockingStub(channels.to("ledger"))}</pre>
 *
 * A call goes to a healthy instance on this node, or to another node where the service's {@code
 * remote_fallback} allows it. It carries a deadline, waits while the service starts or restarts, is
 * retried where its method allows that, and is refused at once while the circuit breaker is open.
 * Answers that are Blackhole's own carry a {@code google.rpc.ErrorInfo} with a reason of {@link
 * Reasons}. Thread-safe.
 */
@ProviderType
public interface Channels {
  /** The channel to this service, one for the whole process; it needs no closing. */
  Channel to(String service);

  /**
   * A channel that calls the service in another way than its configuration says, for calls that
   * need that: {@code channels.to("ledger", policy -> policy.withMaxRetries(0))}. It shares the
   * circuit breaker, the limit of concurrent calls and the counters with {@link #to(String)}, so
   * only timeout, retries and remote fallback can differ. Channels with the same retries share
   * their connections; another number of retries has connections of its own.
   */
  Channel to(String service, UnaryOperator<CallPolicy> override);
}
